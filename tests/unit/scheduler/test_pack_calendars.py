"""What a programme fills into its packs: bank holidays, weekends, days of faith, the academic calendar."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scheduling_samples import default_policy, programme

from services.scheduler.errors import UnknownNationError
from services.scheduler.packs_reading.library import shipped_packs
from services.scheduler.packs_reading.nations import bank_holidays, country_of, weekend_of
from services.scheduler.packs_reading.observances import Observance, observed
from services.scheduler.policy import laid_over
from services.scheduler.rules.policy import Policy
from services.scheduler.rules.windows import ProhibitedTimes, RequiredTimes
from shared.contract.facts.registrations import Community
from shared.contract.values import Weekday

FRI, SAT, SUN = Weekday.FRI, Weekday.SAT, Weekday.SUN
YEARS = {year: (date(year, 1, 1), date(year, 12, 31)) for year in range(2025, 2036)}


def rule_of(policy: Policy, name: str) -> ProhibitedTimes | RequiredTimes:
    rule = next(rule for rule in policy.rules if rule.id == name)
    assert isinstance(rule, ProhibitedTimes | RequiredTimes)
    return rule


def dates_of(*observances: Observance, year: int) -> list[str]:
    return [str(span.first) for span in observed(observances, *YEARS[year])]


def uni(first: date, last: date, *layers: str, **more: Any) -> Policy:
    packs = shipped_packs()
    return laid_over(packs["uni-uk"], [packs[name] for name in layers], programme(first, last).model_copy(update=more))


def test_bank_holidays_are_those_of_the_nation() -> None:
    easter = date(2027, 3, 20), date(2027, 4, 9)
    assert [str(span.first) for span in bank_holidays("GB-ENG", *easter)] == ["2027-03-26", "2027-03-29"]
    assert [str(span.first) for span in bank_holidays("GB-SCT", *easter)] == ["2027-03-26"]


def test_bank_holidays_are_found_on_both_sides_of_a_turn_of_the_year() -> None:
    policy = default_policy(date(2026, 12, 20), date(2027, 1, 10), "GB-SCT")
    dates = rule_of(policy, "bank-holidays").dates
    assert dates is not None
    found = [f"{span.first:%d %b}" for span in dates]
    assert found == ["25 Dec", "26 Dec", "28 Dec", "01 Jan", "02 Jan", "04 Jan"]


def test_without_a_nation_there_is_no_rule_of_bank_holidays() -> None:
    assert "bank-holidays" not in [rule.id for rule in default_policy().rules]


def test_an_unknown_nation_is_refused_in_words() -> None:
    with pytest.raises(UnknownNationError, match="nation 'GB-XYZ' has no known bank holidays"):
        default_policy(nation="GB-XYZ")


@pytest.mark.parametrize(
    ("nation", "zone", "expected"),
    [
        ("GB-ENG", "Europe/London", (SAT, SUN)),
        (None, "Europe/London", (SAT, SUN)),
        ("SA", "Europe/London", (FRI, SAT)),
        (None, "Asia/Riyadh", (FRI, SAT)),
        (None, "Asia/Kuwait", (FRI, SAT)),
        (None, "Asia/Dubai", (SAT, SUN)),
        (None, "Asia/Jerusalem", (FRI, SAT)),
        ("IR", "Asia/Tehran", (FRI,)),
        (None, "Asia/Brunei", (FRI, SUN)),
        (None, "Antarctica/Troll", (SAT, SUN)),
        (None, "UTC", (SAT, SUN)),
        ("XX", "Asia/Riyadh", (SAT, SUN)),
    ],
)
def test_the_weekend_is_the_nations_or_that_of_the_country_where_the_zone_lies(
    nation: str | None, zone: str, expected: tuple[Weekday, ...]
) -> None:
    assert weekend_of(nation, zone, 2027) == expected


def test_a_zone_lies_in_one_country() -> None:
    assert (country_of("America/Vancouver"), country_of("Etc/GMT+3")) == ("CA", None)


def test_a_weekend_that_is_given_goes_first_the_programmes_own_before_the_communitys() -> None:
    pack, riyadh = shipped_packs()["no-lunch-no-friday"], programme().model_copy(update={"zone": "Asia/Riyadh"})
    community = Community.model_validate(Community.example | {"weekend": ["thu", "fri"]})
    own = riyadh.model_copy(update={"weekend": (SUN,)})
    assert rule_of(laid_over(pack, (), riyadh), "no-weekend").weekdays == (FRI, SAT)
    assert rule_of(laid_over(pack, (), riyadh, community), "no-weekend").weekdays == (Weekday.THU, FRI)
    assert rule_of(laid_over(pack, (), own, community), "no-weekend").weekdays == (SUN,)


def test_whoever_has_no_weekend_has_no_rule_of_it() -> None:
    open_all_week = programme().model_copy(update={"weekend": ()})
    policy = laid_over(shipped_packs()["no-lunch-no-friday"], (), open_all_week)
    assert "no-weekend" not in [rule.id for rule in policy.rules]


def test_days_of_faith_fall_on_the_dates_that_other_calendars_give() -> None:
    """From published calendars: Jewish and Orthodox dates are computed, the Indian ones gazetted, Eid as announced."""
    assert dates_of(Observance.YOM_KIPPUR, year=2026) == ["2026-09-21"]
    assert dates_of(Observance.ROSH_HASHANAH, year=2026) == ["2026-09-12", "2026-09-13"]
    assert dates_of(Observance.PASSOVER, year=2025) == ["2025-04-13", "2025-04-14"]
    assert dates_of(Observance.DIWALI, year=2025) == ["2025-10-20"]
    assert dates_of(Observance.DIWALI, year=2026) == ["2026-11-08"]
    assert dates_of(Observance.EID_AL_FITR, year=2025) == ["2025-03-30"]
    assert dates_of(Observance.GOOD_FRIDAY, Observance.ORTHODOX_GOOD_FRIDAY, year=2026) == ["2026-04-03", "2026-04-10"]


@pytest.mark.parametrize("year", YEARS)
def test_every_observance_falls_once_in_a_year_or_as_often_as_its_calendar_has_it(year: int) -> None:
    two_days = {Observance.ROSH_HASHANAH, Observance.SUKKOT, Observance.PASSOVER}
    lunar = {Observance.RAMADAN, Observance.EID_AL_FITR, Observance.EID_AL_ADHA}
    for one in Observance:
        days = [span for span in observed([one], *YEARS[year]) if span.first.year == year]
        assert len(days) in ({1, 2} if one in lunar else {2} if one in two_days else {1}), one


def test_what_follows_the_moon_is_said_to_be_an_estimate() -> None:
    (eid,) = observed([Observance.EID_AL_FITR], *YEARS[2027])
    assert eid.reason == "Eid al-Fitr (estimated; may shift by a day)"
    (diwali,) = observed([Observance.DIWALI], *YEARS[2027])
    assert diwali.reason == "Diwali"


def test_ramadan_lasts_until_the_eve_of_eid_also_over_a_turn_of_the_year() -> None:
    (spring,) = observed([Observance.RAMADAN], *YEARS[2027])
    assert (str(spring.first), str(spring.last)) == ("2027-02-08", "2027-03-08")
    january = list(observed([Observance.RAMADAN], date(2031, 1, 10), date(2031, 1, 11)))
    assert [(str(span.first), str(span.last)) for span in january] == [("2030-12-26", "2031-01-23")]


@given(st.dates(date(2026, 1, 1), date(2034, 12, 1)), st.integers(0, 60))
def test_what_is_observed_lies_within_the_dates_and_is_found_whatever_the_dates(first: date, length: int) -> None:
    last = date.fromordinal(first.toordinal() + length)
    found = list(observed(Observance, first, last))
    assert all(span.first <= last and span.last >= first for span in found)
    whole = observed(Observance, date(first.year - 1, 1, 1), date(last.year + 1, 12, 31))
    assert found == [span for span in whole if span.first <= last and span.last >= first]


def test_faith_days_are_undesired_and_so_are_eves_from_the_afternoon_on() -> None:
    autumn = date(2026, 9, 1), date(2026, 9, 30)
    policy = laid_over(shipped_packs()["uni-uk"], [shipped_packs()["faith-days"]], programme(*autumn))
    eves, days = rule_of(policy, "eves"), rule_of(policy, "faith-days")
    assert {rule.level for rule in (eves, days)} == {"warn"}
    assert eves.dates is not None
    assert "2026-09-20" in [str(span.first) for span in eves.dates]
    assert "before Yom Kippur" in [span.reason for span in eves.dates]
    assert eves.start.hour == 15
    assert "ramadan-evenings" not in [rule.id for rule in policy.rules]


def test_periods_of_the_academic_calendar_become_dates_within_the_programme() -> None:
    spring = date(2027, 1, 4), date(2027, 3, 31)
    policy = uni(*spring, "calendar-example")
    reading, vacation, term = (rule_of(policy, name).dates for name in ("reading-week", "vacation", "in-term"))
    assert [str(span.first) for span in reading or ()] == ["2027-02-15"]
    assert [str(span.first) for span in vacation or ()] == ["2026-12-12", "2027-03-27"]
    assert [span.reason for span in term or ()] == ["Spring term"]
    assert "exam-weeks" not in [rule.id for rule in policy.rules]


def test_without_a_calendar_nothing_is_said_of_terms_and_vacations() -> None:
    assert {"vacation", "in-term", "reading-week"}.isdisjoint(rule.id for rule in uni(*YEARS[2027]).rules)


def test_a_programme_outside_all_terms_is_told_so_rather_than_left_alone() -> None:
    policy = uni(date(2027, 7, 1), date(2027, 7, 31), "calendar-example")
    assert rule_of(policy, "in-term").dates == ()

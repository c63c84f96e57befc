"""Decisions about what people say of their time in words, and about their calendars."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from known_facts import AMARA, NOW, ORGANISER, PARTNER, Known, community, contact

from services.registrations.decisions import calendars as decisions
from services.registrations.decisions.ledger import Ledger
from shared.contract.catalogue import AVAILABILITY, CALENDAR_SOURCE
from shared.contract.commands.calendars import (
    ConnectCalendar,
    DisconnectCalendar,
    ReadCalendar,
    RenewAvailability,
    SayAvailability,
)
from shared.contract.commands.registrations import StateAvailability
from shared.contract.facts.calendars import CalendarSource
from shared.contract.facts.registrations import Availability, StatedWindows
from shared.contract.results import Rejection, RejectionCode
from shared.contract.subjects import FactSubject
from shared.contract.values import Answer, DatedWindow, WeeklyWindow

BUSY = DatedWindow(answer=Answer.NO, start=NOW, end=NOW + timedelta(hours=1))
WORK = ConnectCalendar(person="p-001", source="work", url="https://calendars.example/a.ics")


def known(**other: Any) -> Known:
    return Known(community(), contact(zone="Asia/Dubai", **other))


def stated(found: Known) -> dict[str, StatedWindows]:
    state = found.facts.state(AVAILABILITY, Availability, "northgate", "p-001")
    return {each.source: each for each in state.sources} if state is not None else {}


def source(found: Known, name: str = "work") -> CalendarSource:
    state = found.facts.state(CALENDAR_SOURCE, CalendarSource, "northgate", "p-001", name)
    assert state is not None
    return state


def done(found: Known, decide: Any) -> list[str]:
    """What was written by a decision that is given a ledger; it is stored."""
    ledger: Ledger = found.ledger()
    decide(ledger)
    for write in ledger.writes:
        found._store(FactSubject(write.ref, write.what), write.state)
    return [write.ref.entity for write in ledger.writes]


def connected(*names: str) -> Known:
    found = known()
    for name in names or ("work",):
        command = WORK.model_copy(update={"source": name})
        done(found, lambda ledger, command=command: decisions.connect(ledger, command, "sealed"))
    return found


def said(found: Known, text: str, **other: Any) -> list[str]:
    command = SayAvailability(person="p-001", text=text, **other)
    return done(found, lambda ledger: decisions.say(ledger, command))


def test_words_replace_what_was_said_by_hand_before_in_the_persons_own_zone() -> None:
    found = known()
    said(found, "Mon 9-11")
    said(found, "Tue 9-11, not Fri", until=date(2027, 4, 30))
    windows = stated(found)["self"].windows
    assert [each.answer for each in windows] == [Answer.YES, Answer.NO]
    assert {each.zone for each in windows if isinstance(each, WeeklyWindow)} == {"Asia/Dubai"}
    assert {each.last for each in windows if isinstance(each, WeeklyWindow)} == {date(2027, 4, 30)}


def test_the_same_words_again_change_nothing() -> None:
    found = known()
    assert said(found, "Mon 9-11") == ["availability"]
    assert said(found, "Mon 9-11") == []


def test_words_of_which_nothing_is_understood_are_refused_part_by_part_and_change_nothing() -> None:
    found = known()
    with pytest.raises(Rejection) as refused:
        said(found, "banana, 3-5")
    assert refused.value.code is RejectionCode.INVALID
    assert [each.field for each in refused.value.errors] == ["text.1", "text.2"]
    assert stated(found) == {}


@pytest.mark.parametrize("until", [date(2026, 11, 30), date(2033, 1, 1)])
def test_a_last_day_that_is_past_or_far_off_is_refused(until: date) -> None:
    with pytest.raises(Rejection, match="until"):
        said(known(), "Mon", until=until)


def test_a_renewed_pattern_lasts_longer_and_what_had_its_own_dates_stays() -> None:
    found = known()
    said(found, "Mon 9-11, not 2027-01-11 to 2027-01-15, until 2027-04-30")
    found.done(RenewAvailability(person="p-001", until=date(2027, 12, 31)), AMARA)
    assert [each.last for each in stated(found)["self"].windows if isinstance(each, WeeklyWindow)] == [
        date(2027, 12, 31),
        date(2027, 1, 15),
    ]


@pytest.mark.parametrize("actor", [ORGANISER, PARTNER])
def test_nothing_weekly_cannot_be_renewed(actor: Any) -> None:
    found = known()
    found.done(StateAvailability(person="p-001", windows=(BUSY,)), ORGANISER)
    with pytest.raises(Rejection, match="says nothing weekly"):
        found.decided(RenewAvailability(person="p-001", until=date(2027, 12, 31)), actor)


def test_a_connected_calendar_is_due_at_once_and_unknown_until_it_is_read() -> None:
    found = connected()
    assert (source(found).due, source(found).unknown_since) == (NOW, NOW)
    assert stated(found)["calendar-work"] == StatedWindows(source="calendar-work", unknown_since=NOW)


def test_a_person_has_ten_calendars_at_most() -> None:
    found = connected(*(f"number-{number}" for number in range(10)))
    with pytest.raises(Rejection, match="one calendar too many"):
        done(found, lambda ledger: decisions.connect(ledger, WORK, "sealed"))
    # Another address for one of them is no calendar more.
    again = WORK.model_copy(update={"source": "number-3"})
    assert done(found, lambda ledger: decisions.connect(ledger, again, "sealed anew"))


def test_a_disconnected_calendar_leaves_neither_address_nor_busy_times() -> None:
    found = connected()
    found.done(DisconnectCalendar(person="p-001", source="work"), AMARA)
    assert source(found).sealed is None
    assert stated(found) == {}
    with pytest.raises(Rejection, match="names no calendar that is read"):
        found.decided(DisconnectCalendar(person="p-001", source="work"), AMARA)


def test_a_calendar_may_be_read_out_of_turn() -> None:
    found = connected()
    later = source(found).model_copy(update={"due": NOW + timedelta(hours=1)})
    done(found, lambda ledger: ledger.write(CALENDAR_SOURCE, ("p-001", "work"), "read", later))
    found.done(ReadCalendar(person="p-001", source="work"), AMARA)
    assert source(found).due == NOW
    assert found.decided(ReadCalendar(person="p-001", source="work"), AMARA) == []


@pytest.mark.parametrize("actor", [AMARA, ORGANISER])
def test_a_server_that_asked_to_be_left_alone_is_not_asked_out_of_turn(actor: Any) -> None:
    found = connected()
    hour = timedelta(hours=1)
    later = source(found).model_copy(update={"due": NOW + 3 * hour, "not_before": NOW + hour})
    done(found, lambda ledger: ledger.write(CALENDAR_SOURCE, ("p-001", "work"), "failed", later))
    command = ReadCalendar(person="p-001", source="work")
    with pytest.raises(Rejection, match="asked to be left alone until 2026-12-01 10:00 UTC") as refused:
        found.decided(command, actor)
    assert [each.field for each in refused.value.errors] == ["source"]
    assert found.decided(command, actor, NOW + hour)


@pytest.mark.parametrize("actor", [AMARA, ORGANISER])
def test_nobody_speaks_in_the_name_of_a_connected_calendar(actor: Any) -> None:
    found = connected()
    command = StateAvailability(person="p-001", source="calendar-work", windows=(BUSY,))
    with pytest.raises(Rejection, match="is a connected calendar"):
        found.decided(command, actor)
    found.done(DisconnectCalendar(person="p-001", source="work"), AMARA)
    assert found.decided(command, actor)


def test_what_others_say_stays_when_a_calendar_is_read() -> None:
    found = connected()
    said(found, "Mon 9-11")
    found.done(StateAvailability(person="p-001", windows=(BUSY,)), PARTNER)
    read = source(found).model_copy(update={"content": "abc", "unknown_since": None, "read_at": NOW})
    done(found, lambda ledger: decisions.record(ledger, read, "read", (BUSY,)))
    assert {name: len(each.windows) for name, each in stated(found).items()} == {
        "calendar-work": 1,
        "self": 1,
        "timetables": 1,
    }
    failed = read.model_copy(update={"unknown_since": NOW})
    done(found, lambda ledger: decisions.record(ledger, failed, "failed", None))
    assert stated(found)["calendar-work"] == StatedWindows(source="calendar-work", windows=(BUSY,), unknown_since=NOW)


def test_of_people_who_are_not_here_nothing_is_kept() -> None:
    found = Known(community())
    for decide in (
        lambda ledger: decisions.connect(ledger, WORK, "sealed"),
        lambda ledger: decisions.say(ledger, SayAvailability(person="p-001", text="Mon")),
        lambda ledger: decisions.upload(ledger, "p-001", "upload", (BUSY,)),
    ):
        with pytest.raises(Rejection) as refused:
            done(found, decide)
        assert refused.value.code is RejectionCode.UNKNOWN

"""Who has not been heard of for as long as the community keeps data."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from services.registrations.privacy.expiring import expiring, last_active
from shared.bus.facts import Facts
from shared.contract.catalogue import CONTACT, INTEREST
from shared.contract.commands.privacy import AskExpiring
from shared.contract.facts.registrations import Interest, Seating
from shared.contract.message import Fact
from shared.contract.subjects import FactSubject
from tests.unit.registrations.known_facts import Known, community, contact, programme, proposal

SAID = datetime(2026, 1, 10, 9, tzinfo=UTC)
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


def facts(*others: Fact, days: int | None = 100, said: datetime = SAID) -> Facts:
    """A community with two people who were registered on 10 January, and what else there is."""
    known = Known(community(retention_days=days), *others).facts
    for seq, person in enumerate(("p-001", "p-002"), start=50):
        known.apply(FactSubject(CONTACT.ref("northgate", person), "registered"), contact(person), seq, said)
    return known


def told(known: Facts, now: datetime = NOW, within: int = 0) -> list[tuple[str, date]]:
    found = expiring(known, "northgate", AskExpiring(within_days=within), now)
    return [(each.person, each.erased_on) for each in found.people]


def test_without_a_retention_period_nobody_expires() -> None:
    assert told(facts(days=None), NOW + timedelta(days=10_000)) == []


@pytest.mark.parametrize(("day", "is_over"), [(99, False), (100, True), (101, True)])
def test_the_period_begins_with_the_last_sign_of_activity(day: int, *, is_over: bool) -> None:
    assert bool(told(facts(), SAID + timedelta(days=day))) is is_over


def test_who_expires_is_told_before() -> None:
    now = SAID + timedelta(days=80)
    assert told(facts(), now) == []
    assert told(facts(), now, within=20) == [("p-001", date(2026, 4, 20)), ("p-002", date(2026, 4, 20))]


def test_what_they_say_is_a_sign_of_activity() -> None:
    known = facts()
    interest = Interest(person="p-002", session="retrieval-practice", level="interested")
    subject = FactSubject(INTEREST.ref("northgate", "p-002", "retrieval-practice"), "stated")
    known.apply(subject, interest, 90, NOW)
    assert [person for person, _ in told(known)] == ["p-001"]


def test_a_seat_or_a_part_in_a_programme_counts_until_its_last_day() -> None:
    seated = Seating.model_validate(Seating.example | {"people": ["p-002"]})
    known = facts(programme(), proposal(presenters=["p-001"]), seated)
    last = programme().last_day
    assert last_active(known, "northgate") == {"p-001": last, "p-002": last}
    assert told(known, NOW) == []

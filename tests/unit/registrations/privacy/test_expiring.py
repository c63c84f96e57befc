"""Who has not been heard of for as long as the community keeps data."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from services.registrations.privacy.expiring import expiring, is_heard_of_since, last_active
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


async def told(known: Facts, now: datetime = NOW, within: int = 0) -> list[tuple[str, date]]:
    found = await expiring(known, "northgate", AskExpiring(within_days=within), now)
    return [(each.person, each.erased_on) for each in found.people]


async def test_without_a_retention_period_nobody_expires() -> None:
    assert await told(facts(days=None), NOW + timedelta(days=10_000)) == []


@pytest.mark.parametrize(("day", "is_over"), [(99, False), (100, True), (101, True)])
async def test_the_period_begins_with_the_last_sign_of_activity(day: int, *, is_over: bool) -> None:
    assert bool(await told(facts(), SAID + timedelta(days=day))) is is_over


async def test_who_expires_is_told_before() -> None:
    now = SAID + timedelta(days=80)
    assert await told(facts(), now) == []
    assert await told(facts(), now, within=20) == [("p-001", date(2026, 4, 20)), ("p-002", date(2026, 4, 20))]


async def test_what_they_say_is_a_sign_of_activity() -> None:
    known = facts()
    interest = Interest(person="p-002", session="retrieval-practice", level="interested")
    subject = FactSubject(INTEREST.ref("northgate", "p-002", "retrieval-practice"), "stated")
    known.apply(subject, interest, 90, NOW)
    assert [person for person, _ in await told(known)] == ["p-001"]


async def test_a_seat_or_a_part_in_a_programme_counts_until_its_last_day() -> None:
    seated = Seating.model_validate(Seating.example | {"people": ["p-002"]})
    known = facts(programme(), proposal(presenters=["p-001"]), seated)
    last = programme().last_day
    assert await last_active(known, "northgate") == {"p-001": last, "p-002": last}
    assert await told(known, NOW) == []


async def test_everything_else_has_its_turn_while_everybody_is_looked_at() -> None:
    known = facts()
    for number in range(20_000):
        person = f"p-{number:06}"
        known.apply(FactSubject(CONTACT.ref("northgate", person), "registered"), contact(person), 100 + number, SAID)
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    assert len(await last_active(known, "northgate")) == 20_002
    counting.cancel()
    assert turns >= 10


async def test_what_is_said_while_everybody_is_looked_at_is_no_silence() -> None:
    known = facts()
    assert not is_heard_of_since(known, "northgate", "p-002", SAID.date())
    interest = Interest(person="p-002", session="retrieval-practice", level="interested")
    subject = FactSubject(INTEREST.ref("northgate", "p-002", "retrieval-practice"), "stated")
    known.apply(subject, interest, 90, NOW)
    assert is_heard_of_since(known, "northgate", "p-002", SAID.date())
    assert not is_heard_of_since(known, "northgate", "p-001", SAID.date())

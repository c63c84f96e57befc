"""Reminders by the broker's own schedules: planned, fired, moved, cancelled."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from nats.js.errors import NotFoundError
from notice_mails import notices, parts, told
from released_sessions import START, Sessions

from shared.bus.connection import Bus
from shared.bus.streams import REMINDERS
from shared.contract.commands.notices import StatePreference
from shared.contract.envelope import header
from shared.contract.facts.registrations import Community
from shared.contract.subjects import ReminderSubject, Service
from shared.links import LinkKey, LinkScope
from teachmeet.local.folder import DataFolder
from tests.clock import CLOCK
from tests.processes import eventually
from tests.written_facts import publish

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("notifier")]


def hours_until_reminded(seconds: float) -> float:
    """How much later than START a session begins of which people are reminded, an hour before, in so many seconds."""
    start = CLOCK.now() + timedelta(hours=1, seconds=seconds)
    return (start - START) / timedelta(hours=1)


async def established(sessions: Sessions, *people: str) -> None:
    """A community that reminds people an hour before."""
    await sessions.established(*people)
    domain = f"{sessions.community}.example"
    named = {"community": sessions.community, "domain": domain, "mailbox": f"sessions@{domain}", "reminder_hours": 1}
    await publish(sessions.facts_bus, Community.model_validate(Community.example | named), community=sessions.community)


async def planned(bus: Bus, sessions: Sessions, person: str = "amara", session: str = "drawing") -> datetime | None:
    """When that reminder will fire, by the notifier's clock; None when none is planned."""
    try:
        raw = await bus.js.get_last_msg(REMINDERS, ReminderSubject(sessions.community, person, session).at, direct=True)
    except NotFoundError:
        return None
    at = header(raw.headers, "nats-schedule") or ""
    return datetime.fromisoformat(at.removeprefix("@at ")) + timedelta(seconds=CLOCK.offset_seconds)


async def test_who_has_a_seat_is_reminded_once_with_the_way_in_and_the_way_out(
    sessions: Sessions, folder: DataFolder
) -> None:
    await established(sessions, "amara", "ben")
    await sessions.released({"drawing": ("amara", "ben")}, hours=hours_until_reminded(12))

    async def both() -> bool:
        return [what for what, _ in await told(sessions.facts_bus, sessions)].count("sent") == 2

    await eventually(both)
    mails = notices(sessions.mail, sessions.community)
    assert {each["To"].addresses[0].username for each in mails} == {"amara", "ben"}
    assert len(mails) == 2
    for mail in mails:
        assert mail["Subject"].startswith("Reminder: drawing")
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        for reading in (parts(mail).text, parts(mail).html):
            assert "drawing" in reading
            assert "Library, Hillside School" in reading
        ways_out = [each for each in parts(mail).text.split() if "/answer/" in each]
        [token] = [each.split("/answer/")[1].split("/")[0] for each in ways_out]
        claims = LinkKey.read(folder.link_key).verify(token, now=CLOCK.now())
        assert (claims.scope, claims.session) == (LinkScope.ANSWER, "drawing")
        assert claims.person == mail["To"].addresses[0].username
    facts = await told(sessions.facts_bus, sessions)
    assert sorted(what for what, _ in facts) == ["claimed", "claimed", "sent", "sent"]


async def test_a_moved_session_moves_its_reminder(sessions: Sessions, provision_bus: Bus) -> None:
    await established(sessions, "amara")
    await sessions.released({"drawing": ("amara",)})

    async def as_first() -> bool:
        return await planned(provision_bus, sessions) is not None

    await eventually(as_first)
    first = await planned(provision_bus, sessions)
    assert first is not None
    assert abs(first - (START - timedelta(hours=1))) < timedelta(seconds=3)
    await sessions.released({"drawing": ("amara",)}, hours=26)

    async def moved() -> bool:
        at = await planned(provision_bus, sessions)
        return at is not None and abs(at - (START + timedelta(hours=25))) < timedelta(seconds=3)

    await eventually(moved)
    subject = ReminderSubject(sessions.community, "amara", "drawing").at
    info = await provision_bus.js.stream_info(REMINDERS, subjects_filter=subject)
    assert info.state.subjects == {subject: 1}
    assert notices(sessions.mail, sessions.community) == []


async def test_a_lost_seat_and_a_session_that_is_off_cancel_their_reminders(
    sessions: Sessions, provision_bus: Bus
) -> None:
    await established(sessions, "amara", "ben")
    await sessions.released({"drawing": ("amara", "ben"), "reading": ("amara",)})

    async def three() -> bool:
        keys = (("amara", "drawing"), ("ben", "drawing"), ("amara", "reading"))
        return all([await planned(provision_bus, sessions, *key) is not None for key in keys])

    await eventually(three)
    await sessions.released({"drawing": ("amara",)}, off=("reading",))

    async def one() -> bool:
        gone = (("ben", "drawing"), ("amara", "reading"))
        return not any([await planned(provision_bus, sessions, *key) is not None for key in gone])

    await eventually(one)
    assert await planned(provision_bus, sessions) is not None


async def test_who_wants_no_reminders_gets_none(sessions: Sessions) -> None:
    await established(sessions, "amara", "ben")
    await sessions.known("amara")
    await sessions.organiser().command(Service.NOTIFIER, StatePreference(person="amara", reminders=False))
    await sessions.released({"drawing": ("amara", "ben")}, hours=hours_until_reminded(12))

    async def ben() -> bool:
        return len(notices(sessions.mail, sessions.community)) > 0

    await eventually(ben)

    async def nothing_left() -> bool:
        info = await sessions.facts_bus.js.stream_info(
            REMINDERS, subjects_filter=f"tm.{sessions.community}.reminders.v1.at.>"
        )
        consumer = await sessions.facts_bus.js.consumer_info(REMINDERS, "notifier-due")
        return not info.state.subjects and not consumer.num_pending and not consumer.num_ack_pending

    await eventually(nothing_left)
    assert [each["To"].addresses[0].username for each in notices(sessions.mail, sessions.community)] == ["ben"]


async def test_who_is_seated_after_the_lead_time_has_begun_is_not_reminded_at_once(
    sessions: Sessions, provision_bus: Bus
) -> None:
    await established(sessions, "amara")
    await sessions.released({"drawing": ("amara",), "reading": ()}, hours=hours_until_reminded(-600))
    await sessions.delivered()
    await sessions.released({"drawing": ("amara",), "reading": ("amara",)}, hours=2)

    async def both() -> bool:
        return await planned(provision_bus, sessions, "amara", "reading") is not None

    await eventually(both)
    assert notices(sessions.mail, sessions.community) == []

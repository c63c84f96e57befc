"""Weekly letters: what is one's own and what suits one, counts for managers; once a week, with the ways out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
import pytest_asyncio
from notice_mails import notices, parts, told
from released_sessions import START, Sessions

from services.notifier.notices.unsubscribing import asked_by_mail
from shared.contract.catalogue import SEATING
from shared.contract.commands.digests import AppointManager
from shared.contract.commands.notices import StatePreference
from shared.contract.commands.sending import PauseSending, ResumeSending
from shared.contract.details import WeeklyDigest
from shared.contract.facts.managing import Team
from shared.contract.facts.notices import NoticeKind
from shared.contract.facts.registrations import Affiliation, Community, Contact, Interest, Proposal, Room, Seating
from shared.contract.facts.scheduler import Release
from shared.contract.subjects import Service
from shared.contract.values import InterestLevel, Weekday
from shared.links import LinkKey
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.processes import Child
from tests.clock import CLOCK
from tests.processes import answers, eventually, serving
from tests.written_facts import history, publish

WEEK = "2026-w49"
"""of 1 December 2026, a Tuesday, on which the tests' clock stands"""

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("notifier", "registrations_service")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def registrations_service(broker: Broker, folder: DataFolder) -> AsyncIterator[Child]:
    environment = {
        "TEACHMEET_PEOPLE_KEY_FILE": str(folder.people_key),
    }
    async with serving("registrations", broker, folder, **environment) as child:
        await answers(broker, Service.REGISTRATIONS)
        yield child


@dataclass
class Letters:
    """A community with released sessions, whose letters have not been asked for yet."""

    sessions: Sessions

    async def community(self, digest: WeeklyDigest | None) -> None:
        """How the community has its letters. What they tell is asked of registrations as soon as they are due."""
        await self.sessions.read_by(Service.REGISTRATIONS)
        domain = f"{self.sessions.community}.example"
        named = {"community": self.sessions.community, "domain": domain, "mailbox": f"sessions@{domain}"}
        wanted = {"digest": digest.model_dump(mode="json") if digest is not None else None, "reminder_hours": 0}
        community = Community.model_validate(Community.example | named | wanted)
        await publish(self.sessions.facts_bus, community, community=self.sessions.community)

    async def interested(self, person: str, session: str, level: InterestLevel) -> None:
        fact = Interest(person=person, session=session, level=level)
        await publish(self.sessions.facts_bus, fact, community=self.sessions.community)

    async def proposed(self, name: str, *tags: str) -> None:
        body = {"proposal": name, "title": f"On {name}", "presenters": ["nobody"], "tags": tags}
        fact = Proposal.model_validate(Proposal.example | body)
        await publish(self.sessions.facts_bus, fact, community=self.sessions.community)

    def addressed(self) -> list[str]:
        mails = notices(self.sessions.mail, self.sessions.community)
        return sorted(str(each["To"].addresses[0].username) for each in mails)

    async def sent(self, number: int) -> bool:
        return [what for what, _ in await told(self.sessions.facts_bus, self.sessions)].count("sent") >= number


def due_now(**other: int) -> WeeklyDigest:
    """Letters that became due this hour."""
    local = CLOCK.now()
    return WeeklyDigest(weekday=Weekday.of(local.date()), hour=local.hour, zone="UTC", days=60, **other)


SESSIONS = ("drawing", "reading", "poems", "numbers")


async def released(sessions: Sessions, *wanting_drawing: str) -> Letters:
    """Amara has a seat in drawing; Ben, too late for a seat, wants reading, so another one on literacy suits him.

    The seats are registrations' own work.
    """
    letters = Letters(sessions)
    await sessions.established("amara", "ben", "cleo")
    await letters.community(None)
    for name, tag in zip(SESSIONS, ("arts", "literacy", "literacy", "maths"), strict=True):
        await letters.proposed(name, tag)
    for person in ("amara", *wanting_drawing):
        await letters.interested(person, "drawing", InterestLevel.COMING)
    placements = [
        Release.example["placements"][0]
        | {"session": name, "proposal": name, "start": (START + timedelta(hours=2 * number)).isoformat()}
        for number, name in enumerate(SESSIONS)
    ]
    seq = await publish(sessions.facts_bus, Room.model_validate(Room.example), community=sessions.community)
    release = Release.model_validate(Release.example | {"placements": placements, "input_seq": seq})
    await publish(sessions.facts_bus, release, community=sessions.community)

    async def seated() -> bool:
        seatings = await history(sessions.facts_bus, SEATING, Seating, community=sessions.community)
        return {state.session for _, state in seatings} == set(SESSIONS)

    await eventually(seated)
    await letters.interested("ben", "reading", InterestLevel.COMING)
    await letters.interested("cleo", "numbers", InterestLevel.NOT_ME)
    return letters


async def test_everybody_gets_what_is_theirs_and_what_suits_them_once_a_week(
    sessions: Sessions, folder: DataFolder, notifier: Child
) -> None:
    letters = await released(sessions)
    stranger = Contact(person="dora", name="Dora", address="dora@a.example", zone="Europe/London", verified=False)
    await publish(sessions.facts_bus, stranger, community=sessions.community)
    await letters.interested("dora", "reading", InterestLevel.COMING)
    await letters.community(due_now())
    await eventually(lambda: letters.sent(2))
    assert letters.addressed() == ["amara", "ben"]
    assert {each.person for _, each in await told(sessions.facts_bus, sessions)} == {"amara", "ben"}
    by_person = {str(each["To"].addresses[0].username): each for each in notices(sessions.mail, sessions.community)}
    amara, ben = parts(by_person["amara"]), parts(by_person["ben"])
    for reading in (amara.text, amara.html):
        assert "drawing" in reading
        assert "Library, Hillside School" in reading
        assert "numbers" not in reading
        assert "poems" not in reading
    for reading in (ben.text, ben.html):
        assert reading.index("On reading") < reading.index("On poems")
        assert "drawing" not in reading
        assert "On numbers" not in reading
    for person, mail in by_person.items():
        assert f"<digest.{sessions.community}.example>" in str(mail["List-Id"])
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        https, mailto = (each.strip(" <>") for each in str(mail["List-Unsubscribe"]).split(","))
        assert "/unsubscribe/digest" in https
        subject = mailto.split("?subject=")[1].replace("%20", " ")
        asked = asked_by_mail(subject, LinkKey.read(folder.link_key), CLOCK.now())
        assert asked is not None
        assert (asked[0].person, asked[1]) == (person, NoticeKind.DIGEST)

    notifier.kill()
    # When the letters of a later community are out, the one that was started anew has looked at these, too.
    others = await released(Sessions(sessions.facts_bus, sessions.cli_bus, f"{sessions.community}-z", sessions.mail))
    await others.community(due_now())
    await eventually(lambda: others.sent(2), within=120)
    facts = await told(sessions.facts_bus, sessions)
    assert {(fact.person, fact.about, fact.occasion) for _, fact in facts} == {
        ("amara", "weekly", WEEK),
        ("ben", "weekly", WEEK),
    }
    assert sorted(what for what, _ in facts) == ["claimed", "claimed", "sent", "sent"]
    assert letters.addressed() == ["amara", "ben"]


async def test_who_wants_none_gets_none_and_a_paused_community_waits(sessions: Sessions) -> None:
    letters = await released(sessions)
    asking = sessions.organiser()
    await sessions.known("amara")
    await asking.command(Service.NOTIFIER, StatePreference(person="amara", digest=False))
    await asking.command(Service.NOTIFIER, PauseSending(reason="a check"))
    await letters.community(due_now())
    await asking.command(Service.NOTIFIER, ResumeSending())
    await eventually(lambda: letters.sent(1), within=120)
    assert letters.addressed() == ["ben"]


async def test_managers_are_told_counts_of_their_teams_and_nothing_of_small_ones(sessions: Sessions) -> None:
    science = [f"s-{number}" for number in range(6)]
    letters = await released(sessions, *science)
    affiliations = [Affiliation(person=person, school="Hillside", department="Science") for person in science]
    affiliations += [Affiliation(person=f"a-{number}", school="Hillside", department="Arts") for number in range(4)]
    await publish(sessions.facts_bus, *affiliations, community=sessions.community)
    appointed = AppointManager(
        person="cleo",
        teams=(
            Team(school="Hillside", department="Science"),
            Team(school="Hillside", department="Arts"),
            Team(school="Hillside"),
        ),
    )
    await sessions.organiser().command(Service.REGISTRATIONS, appointed)
    await letters.community(due_now())

    async def cleo() -> bool:
        return "cleo" in letters.addressed()

    await eventually(cleo)
    [mail] = [each for each in notices(sessions.mail, sessions.community) if each["To"].addresses[0].username == "cleo"]
    assert "<team-digest." in str(mail["List-Id"])
    text = parts(mail).text
    assert "Hillside, Science\n  People: 6\n  With a seat: 6\n  Seats: 6\n  Presenting: 0\n" in text
    assert "Too small for counts: Hillside, Arts; Hillside\n" in text
    assert not any(person in text for person in science)


async def test_letters_that_are_late_by_more_than_a_day_are_skipped(sessions: Sessions) -> None:
    letters = await released(sessions)
    before = CLOCK.now() - timedelta(hours=25)
    late = WeeklyDigest(weekday=Weekday.of(before.date()), hour=before.hour, zone="UTC", days=60)
    await letters.community(late)
    other = Sessions(sessions.facts_bus, sessions.cli_bus, f"{sessions.community}-b", sessions.mail)
    others = await released(other)
    await others.community(due_now())
    await eventually(lambda: others.sent(2))
    assert letters.addressed() == []


async def test_who_had_nothing_gets_a_letter_once_there_is_something_for_them_that_day(sessions: Sessions) -> None:
    letters = await released(sessions)
    await letters.community(due_now())
    await eventually(lambda: letters.sent(2))
    await letters.interested("cleo", "poems", InterestLevel.COMING)
    placements = [
        Release.example["placements"][0]
        | {"session": name, "proposal": name, "start": (START + timedelta(hours=2 * number)).isoformat()}
        for number, name in enumerate(SESSIONS)
    ]
    again = Release.model_validate(Release.example | {"number": 2, "placements": placements})
    await publish(sessions.facts_bus, again, community=sessions.community)
    await eventually(lambda: letters.sent(3), within=120)
    assert letters.addressed() == ["amara", "ben", "cleo"]

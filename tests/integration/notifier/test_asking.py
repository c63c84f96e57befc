"""What people are asked and told about proposals, seats and enrolments: real facts, a real mail server."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from notice_mails import notices, parts, told
from released_sessions import START, Sessions

from shared.contract.facts.calls import Confirmation
from shared.contract.facts.enrolment import Enrolment, EnrolmentRule
from shared.contract.facts.registrations import Contact, Place, Programme, Proposal, Seating
from shared.contract.facts.scheduler import Release
from shared.contract.facts.seats import Offer, Pool
from shared.links import LinkClaims, LinkKey, LinkScope
from teachmeet.local.folder import DataFolder
from teachmeet.local.processes import Child
from tests.clock import CLOCK
from tests.processes import eventually
from tests.written_facts import publish

pytestmark = [pytest.mark.asyncio(loop_scope="module")]


def ago(**span: float) -> datetime:
    return CLOCK.now() - timedelta(**span)


async def established(sessions: Sessions, *people: str) -> None:
    await sessions.established(*people)
    await publish(sessions.facts_bus, Programme.model_validate(Programme.example), community=sessions.community)


async def published(sessions: Sessions, kind: type[Any], **other: Any) -> None:
    state = kind.model_validate(kind.example | other)
    await publish(sessions.facts_bus, state, community=sessions.community)


async def mails(sessions: Sessions, number: int) -> list[EmailMessage]:
    """The notices that came, once there are so many and all of them are recorded as sent."""

    async def sent() -> bool:
        facts = await told(sessions.facts_bus, sessions)
        return [what for what, _ in facts].count("sent") >= number

    await eventually(sent)
    return notices(sessions.mail, sessions.community)


def links(mail: EmailMessage, key: LinkKey) -> dict[str, LinkClaims]:
    """What each link of the mail says, by the end of its address; both readings have the same links."""
    text = parts(mail).text
    found = {}
    for word in text.split():
        if "/me/" in word:
            assert word in parts(mail).html
            token, _, rest = word.split("/me/")[1].partition("/")
            found[rest] = key.verify(token, now=CLOCK.now())
    return found


def addressed(found: list[EmailMessage]) -> list[str]:
    return sorted(str(each["To"].addresses[0].username) for each in found)


async def test_who_began_a_proposal_gets_one_link_for_each_time_they_ask(
    sessions: Sessions, notifier: Child, folder: DataFolder
) -> None:
    await established(sessions, "amara")
    stranger = {"person": "ben", "address": f"ben@{sessions.community}.example", "verified": False}
    await published(sessions, Contact, **stranger)
    draft = {"proposal": "drawing", "title": "Drawing", "presenters": ["ben", "amara"], "status": "drafted"}
    first = ago(minutes=5)
    await published(sessions, Proposal, **draft, begun_at=first, link_wanted=first)
    [mail] = await mails(sessions, 1)
    assert addressed([mail]) == ["ben"]
    assert mail["Subject"] == "Your proposal: Drawing"
    assert mail["List-Unsubscribe"] is None
    [(place, claims)] = links(mail, LinkKey.read(folder.link_key)).items()
    assert place == "proposal"
    assert (claims.scope, claims.person, claims.session) == (LinkScope.PROPOSAL, "ben", "drawing")
    await published(sessions, Proposal, **draft, begun_at=first, link_wanted=first, abstract="More words")
    await published(sessions, Proposal, **draft, begun_at=first, link_wanted=CLOCK.now())
    assert addressed(await mails(sessions, 2)) == ["ben", "ben"]


async def test_a_proposal_that_came_in_is_acknowledged_once_its_sender_has_shown_that_the_address_is_theirs(
    sessions: Sessions, notifier: Child
) -> None:
    await established(sessions)
    ben = {"person": "ben", "address": f"ben@{sessions.community}.example"}
    await published(sessions, Contact, **ben, verified=False)
    begun = {"proposal": "drawing", "title": "Drawing", "presenters": ["ben"], "status": "submitted"}
    await published(sessions, Proposal, **begun, begun_at=ago(hours=3), submitted_at=ago(hours=1))
    entered = {"proposal": "reading", "presenters": ["ben"], "status": "submitted", "submitted_at": ago(hours=1)}
    await published(sessions, Proposal, **entered)
    await published(sessions, Contact, **ben)
    [mail] = await mails(sessions, 1)
    assert mail["Subject"] == "We have your proposal: Drawing"


async def test_presenters_are_asked_until_they_have_said_something_and_only_of_late_after_an_outage(
    sessions: Sessions, notifier: Child, folder: DataFolder
) -> None:
    people = ("amara", "ben", "cleo", "dan", "eve")
    await established(sessions, *people)
    accepted = {"proposal": "drawing", "title": "Drawing", "presenters": people, "status": "accepted"}
    await published(sessions, Proposal, **accepted)
    asked = {"amara": ago(hours=1), "ben": ago(days=4), "cleo": ago(days=8), "dan": ago(days=20)}
    for person, at in asked.items():
        await published(sessions, Confirmation, person=person, proposal="drawing", asked=at)
    said = {"person": "eve", "proposal": "drawing", "asked": ago(hours=1), "answered_at": ago(minutes=1)}
    await published(sessions, Confirmation, **said, word="confirmed")
    found = await mails(sessions, 3)
    assert addressed(found) == ["amara", "ben", "cleo"]
    occasions = sorted(
        each.occasion.rsplit("-", 1)[0] for what, each in await told(sessions.facts_bus, sessions) if what == "sent"
    )
    assert occasions == ["asked", "day-3", "day-7"]
    for mail in found:
        assert mail["Subject"] == "ACTION REQUIRED: please confirm Drawing"
        ways = links(mail, LinkKey.read(folder.link_key))
        assert set(ways) == {"confirm/yes", "confirm/no"}
        assert {each.scope for each in ways.values()} == {LinkScope.CONFIRM}
    await published(sessions, Confirmation, person="amara", proposal="drawing", asked=ago(days=3, hours=1))
    chased = [each for each in await mails(sessions, 4) if addressed([each]) == ["amara"]]
    assert len(chased) == 2


async def test_a_withdrawn_proposal_asks_nobody(sessions: Sessions, notifier: Child) -> None:
    await established(sessions, "amara", "ben")
    withdrawn = {"proposal": "drawing", "presenters": ["amara"], "status": "withdrawn", "link_wanted": ago(minutes=1)}
    await published(sessions, Proposal, **withdrawn, begun_at=ago(hours=1))
    await published(sessions, Confirmation, person="amara", proposal="drawing", asked=ago(hours=1))
    await published(sessions, Proposal, proposal="reading", presenters=["ben"], status="accepted")
    await published(sessions, Confirmation, person="ben", proposal="reading", asked=ago(hours=1))
    assert addressed(await mails(sessions, 1)) == ["ben"]


async def test_a_seat_is_offered_with_its_time_and_until_when_while_there_is_time_to_answer(
    sessions: Sessions, notifier: Child, folder: DataFolder
) -> None:
    await established(sessions, "amara", "ben", "cleo")
    await published(sessions, Proposal, proposal="drawing", title="Drawing", presenters=["nobody"])
    placement = Release.example["placements"][0] | {"session": "drawing", "proposal": "drawing", "start": START}
    await published(sessions, Release, placements=[placement])
    ends = CLOCK.now() + timedelta(hours=12)
    offers = [
        Offer(person="amara", pool=Pool.IN_PERSON, offered_at=ago(minutes=1), expires=ends, since=ago(days=1)),
        Offer(
            person="ben",
            pool=Pool.IN_PERSON,
            offered_at=ago(hours=12),
            expires=CLOCK.now() + timedelta(minutes=5),
            since=ago(days=2),
        ),
        Offer(person="cleo", pool=Pool.ONLINE, offered_at=ago(minutes=1), expires=ends, since=ago(days=1)),
    ]
    seating = {"session": "drawing", "proposal": "drawing", "people": (), "offers": offers, "input_seq": 0}
    await published(sessions, Seating, **seating, place=Place(name="Library", site="Hillside School"))
    found = await mails(sessions, 2)
    assert addressed(found) == ["amara", "cleo"]
    by_person = {addressed([each])[0]: each for each in found}
    for mail in found:
        assert mail["Subject"].startswith("A seat for you until ")
        for reading in (parts(mail).text, parts(mail).html):
            assert "12 January 2027, 15:30 to 16:30" in reading
        ways = links(mail, LinkKey.read(folder.link_key))
        assert set(ways) == {"offer/accept", "offer/decline"}
        assert {(each.scope, each.session, each.expires) for each in ways.values()} == {
            (LinkScope.OFFER, "drawing", ends)
        }
    assert "Library, Hillside School" in parts(by_person["amara"]).text
    assert "Where: online" in parts(by_person["cleo"]).text


async def test_who_was_enrolled_by_a_rule_is_told_why_with_one_click_out(
    sessions: Sessions, notifier: Child, folder: DataFolder
) -> None:
    await established(sessions, "amara", "ben", "cleo")
    rule = {"rule": "maths", "group": {"school": "Hillside School", "sector": "primary", "tag": "maths"}}
    now = {"rules": ["maths"], "enrolled_at": ago(minutes=2)}
    await published(sessions, Enrolment, person="amara", **now)
    await published(sessions, Enrolment, person="ben", rules=[], enrolled_at=ago(minutes=2), left=["maths"])
    await published(sessions, Enrolment, person="cleo", rules=["maths"], enrolled_at=ago(days=30))
    await published(sessions, EnrolmentRule, **rule)
    [mail] = await mails(sessions, 1)
    assert addressed([mail]) == ["amara"]
    assert mail["Subject"] == "You take part in Spring term 2027"
    assert "primary schools, Hillside School, maths" in parts(mail).text
    ways = links(mail, LinkKey.read(folder.link_key))
    assert ways["leave"].scope is LinkScope.ENROLMENT
    assert ways["leave"].session == "spring-2027"
    way_out = str(mail["List-Unsubscribe"])
    assert way_out.strip("<>").endswith("/leave")
    assert way_out.strip("<>") in parts(mail).text
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_a_notifier_that_is_killed_in_between_forgets_nobody_and_begins_nothing_twice(
    sessions: Sessions, notifier: Child
) -> None:
    people = [f"person-{number:02}" for number in range(30)]
    await established(sessions, *people)
    await published(sessions, EnrolmentRule, rule="maths", group={"tag": "maths"})
    for person in people:
        await published(sessions, Enrolment, person=person, rules=["maths"], enrolled_at=ago(minutes=2))
    await mails(sessions, 3)
    notifier.kill()

    async def begun() -> list[str]:
        return [each.person for what, each in await told(sessions.facts_bus, sessions) if what == "claimed"]

    async def everybody() -> bool:
        return set(await begun()) == set(people)

    await eventually(everybody, within=120)
    assert sorted(await begun()) == people

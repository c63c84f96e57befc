"""What a draft would send: told before its release, by the services as they are, and the same as the release sends."""

from __future__ import annotations

import email
import email.policy
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from released_sessions import PROGRAMME, START, Sessions

from shared.contract.catalogue import INVITE, SEATING
from shared.contract.commands.sending import AskOutbox, Outbox
from shared.contract.facts.notifier import Invite
from shared.contract.facts.registrations import Interest, Programme, Proposal, Room, Seating
from shared.contract.facts.scheduler import Placement, Plan, Release
from shared.contract.results import Rejection
from shared.contract.subjects import Service
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.processes import Child
from tests.processes import answers, eventually, serving
from tests.written_facts import history, publish

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("services", "scheduler")]

PEOPLE = ("amara", "ben", "cleo")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scheduler(broker: Broker, folder: DataFolder) -> AsyncIterator[Child]:
    async with serving("scheduler", broker, folder) as child:
        await answers(broker, Service.SCHEDULER)
        yield child


def placement(session: str, *, hours: int = 0) -> Placement:
    start = START + timedelta(hours=hours)
    return Placement(session=session, proposal=session, room="library", start=start, minutes=60)


async def known(sessions: Sessions) -> int:
    """A room, three proposals, and three people: each presents one, and would like to come to the others.

    The sequence up to which all that is known.
    """
    await sessions.established(*PEOPLE)
    room = Room.model_validate(Room.example | {"room": "library", "capacity": 2})
    programme = Programme.model_validate(Programme.example | {"programme": PROGRAMME})
    proposals = [
        Proposal.model_validate(Proposal.example | {"proposal": name, "title": name, "presenters": [person]})
        for name, person in zip(("drawing", "reading", "singing"), PEOPLE, strict=True)
    ]
    wishes = [Interest(person=person, session="drawing", level="coming") for person in ("ben", "cleo")]
    wishes.append(Interest(person="amara", session="reading", level="interested"))
    return await publish(sessions.facts_bus, room, programme, *proposals, *wishes, community=sessions.community)


async def released(sessions: Sessions, seq: int, number: int, *placements: Placement) -> None:
    body = {"programme": PROGRAMME, "number": number, "placements": placements, "input_seq": seq}
    await publish(sessions.facts_bus, Release.model_validate(Release.example | body), community=sessions.community)


async def drafted(sessions: Sessions, seq: int, *placements: Placement) -> None:
    draft = Plan.example["draft"] | {"placements": placements, "input_seq": seq}
    plan = Plan.model_validate(Plan.example | {"programme": PROGRAMME, "draft": draft})
    await publish(sessions.facts_bus, plan, community=sessions.community)


async def preview(sessions: Sessions) -> Outbox:
    return await sessions.organiser().ask(Service.NOTIFIER, AskOutbox(programme=PROGRAMME, draft=True), Outbox)


async def seen(sessions: Sessions) -> Outbox:
    """The preview, once the scheduler has seen the draft."""

    async def drafted_there() -> Outbox | None:
        try:
            return await preview(sessions)
        except Rejection:
            return None

    return await eventually(drafted_there)


async def sent(sessions: Sessions, number: int) -> set[tuple[str, str, str]]:
    """Person, session and method of every mail, once there are so many."""

    async def all_there() -> list[Invite] | None:
        facts = await history(sessions.facts_bus, INVITE, Invite, community=sessions.community)
        found = [state for what, state in facts if what == "sent"]
        return found if len(found) >= number else None

    return {(each.person, each.session, str(each.method)) for each in await eventually(all_there)}


async def test_what_a_draft_would_send_is_what_its_release_sends(sessions: Sessions) -> None:
    seq = await known(sessions)
    await released(sessions, seq, 1, placement("drawing"), placement("reading", hours=2))
    first = await sent(sessions, 4)
    # drawing moves; reading leaves; singing is new.
    await drafted(sessions, seq, placement("drawing", hours=24), placement("singing", hours=2))
    found = await seen(sessions)
    assert found.draft == Plan.example["request"]
    told = {(each.person, each.session, str(each.kind)) for each in found.messages}
    assert found.counts == {"update": 2, "cancellation": 2, "invitation": 1}
    assert {each for each in told if each[1] != "drawing"} == {
        ("amara", "reading", "cancellation"),
        ("ben", "reading", "cancellation"),
        ("cleo", "singing", "invitation"),
    }
    assert found.people == 3
    before = len(await history(sessions.facts_bus, SEATING, Seating, community=sessions.community))
    assert await sent(sessions, 4) == first

    await released(sessions, seq, 2, placement("drawing", hours=24), placement("singing", hours=2))
    methods = {"invitation": "REQUEST", "update": "REQUEST", "cancellation": "CANCEL"}
    expected = {(person, session, methods[kind]) for person, session, kind in told}
    assert await sent(sessions, 9) - first | {each for each in first if each in expected} == expected
    assert len(await history(sessions.facts_bus, SEATING, Seating, community=sessions.community)) > before


async def test_one_whole_mail_of_each_kind_shows_how_it_would_read(sessions: Sessions) -> None:
    await drafted(sessions, await known(sessions), placement("drawing"))
    found = await seen(sessions)
    [sample] = found.samples
    assert (sample.kind, sample.session) == ("invitation", "drawing")
    mail = email.message_from_string(sample.mail, policy=email.policy.default)
    assert mail["To"].addresses[0].addr_spec == f"{sample.person}@{sessions.community}.example"
    assert "Drawing" in str(mail["Subject"]) or "drawing" in str(mail["Subject"])


async def test_without_a_draft_it_says_so(sessions: Sessions) -> None:
    await known(sessions)
    with pytest.raises(Rejection, match="programme has no draft"):
        await preview(sessions)

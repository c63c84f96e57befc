"""Erasing on the real broker: in order, for ever, and with the bytes."""

from __future__ import annotations

import pytest
from nats.js.errors import NotFoundError

from shared.bus.client import Requester
from shared.bus.connection import Bus
from shared.bus.deadletters import bury
from shared.bus.streams import DEADLETTERS, stream_of
from shared.contract.catalogue import (
    AFFILIATION,
    CONTACT,
    ERASURE,
    NOTIFIER_RECEIPT,
    PERSON_KEY,
    SCHEDULER_RECEIPT,
    FactKind,
)
from shared.contract.commands.privacy import AskErasures, ErasePerson, Erasures
from shared.contract.commands.registrations import AskPerson, OwnPage, RegisterPerson, StateAvailability
from shared.contract.envelope import Envelope, command_type, source
from shared.contract.facts.privacy import Receipt
from shared.contract.facts.registrations import Affiliation
from shared.contract.results import Rejection
from shared.contract.subjects import InboxSubject, Service, deadletters_of, facts_of
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.processes import Child
from tests.faults.traces import traces
from tests.processes import eventually
from tests.written_facts import publish

NAME, ADDRESS = "Quirina Erdmännchen", "quirina@fernweh-allee.example"
WORDS = ("Quirina", "fernweh-allee")
GONE = "p-gone"


@pytest.fixture
async def gone(organiser: Requester) -> RegisterPerson:
    """Somebody who has said something, and is erased."""
    person = RegisterPerson(person=GONE, name=NAME, address=ADDRESS, school="Hillside School")
    await organiser.command(Service.REGISTRATIONS, person)
    windows = StateAvailability.example | {"person": GONE}
    await organiser.command(Service.REGISTRATIONS, StateAvailability.model_validate(windows))
    await organiser.command(Service.REGISTRATIONS, ErasePerson(person=GONE))
    return person


async def receipts(bus: Bus, *kinds: FactKind) -> None:
    """What the other services would write once they have destroyed what they held."""
    for kind in kinds:
        subject = kind.ref("northgate", GONE).fact("swept")
        body = Receipt.model_validate(Receipt.example | {"person": GONE}).model_dump_json().encode()
        await bus.js.publish(subject, body)


async def told(organiser: Requester) -> list[tuple[bool, tuple[str, ...]]]:
    found = await organiser.ask(Service.REGISTRATIONS, AskErasures(), Erasures)
    return [(each.done, each.waits_for) for each in found.people]


async def erased(organiser: Requester) -> None:
    async def done() -> bool:
        return await told(organiser) == [(True, ())]

    # A service that was killed has to start again first.
    await eventually(done, within=120.0)


async def stored(bus: Bus, kind: FactKind, **of: str) -> list[str]:
    """The subjects of that kind in the stream."""
    subjects, seq = [], 0
    while True:
        try:
            raw = await bus.js.get_msg(
                stream_of(kind.service),
                seq=seq + 1,
                subject=facts_of(kind.service, kind.entity),
                next=True,
                direct=True,
            )
        except NotFoundError:
            return [each for each in subjects if all(f".{value}." in each for value in of.values())]
        seq = int(raw.seq or 0)
        subjects.append(str(raw.subject))


async def test_names_stay_until_everybody_has_looked_for_them_then_nothing_is_left(
    organiser: Requester, gone: RegisterPerson, provision_bus: Bus, folder: DataFolder
) -> None:
    assert await told(organiser) == [(False, ("notifier", "scheduler", "registrations"))]
    await receipts(provision_bus, SCHEDULER_RECEIPT)

    async def one_is_in() -> bool:
        return await told(organiser) == [(False, ("notifier", "registrations"))]

    await eventually(one_is_in)
    assert traces(folder.path, WORDS)
    await receipts(provision_bus, NOTIFIER_RECEIPT)
    await erased(organiser)
    assert traces(folder.path, WORDS) == []
    assert await stored(provision_bus, CONTACT, person=GONE) == [CONTACT.ref("northgate", GONE).fact("erased")]
    assert len(await stored(provision_bus, ERASURE, person=GONE)) == 2


async def test_whoever_comes_back_is_somebody_new_and_the_old_id_is_refused(
    organiser: Requester, gone: RegisterPerson, provision_bus: Bus
) -> None:
    await receipts(provision_bus, NOTIFIER_RECEIPT, SCHEDULER_RECEIPT)
    await erased(organiser)
    keys = len(await stored(provision_bus, PERSON_KEY))
    with pytest.raises(Rejection, match="was erased"):
        await organiser.command(Service.REGISTRATIONS, gone)
    await organiser.command(Service.REGISTRATIONS, gone.model_copy(update={"person": "p-back"}))
    assert len(await stored(provision_bus, PERSON_KEY)) == keys + 1
    again = gone.model_copy(update={"person": "p-third"})
    with pytest.raises(Rejection, match="belongs to another person"):
        await organiser.command(Service.REGISTRATIONS, again)


async def test_a_partners_late_word_is_refused_and_an_old_fact_that_is_replayed_is_destroyed(
    organiser: Requester, gone: RegisterPerson, provision_bus: Bus, broker: Broker, folder: DataFolder
) -> None:
    await receipts(provision_bus, NOTIFIER_RECEIPT, SCHEDULER_RECEIPT)
    await erased(organiser)
    envelope = Envelope(
        id="late",
        source=source("northgate", "timetables"),
        type=command_type(Service.REGISTRATIONS, "person", "register"),
        subject="person",
        time=provision_bus.clock.now(),
    )
    inbox = InboxSubject("northgate", "timetables", "person", "register")
    await provision_bus.js.publish(str(inbox), gone.model_dump_json().encode(), headers=envelope.headers())
    await publish(provision_bus, Affiliation(person=GONE, school="The school of Quirina"))

    async def nothing_is_left() -> bool:
        inbox_is_empty = not (await provision_bus.js.stream_info("INBOX")).state.messages
        return inbox_is_empty and not await stored(provision_bus, AFFILIATION, person=GONE)

    await eventually(nothing_is_left)
    rejected = await provision_bus.js.get_last_msg("OUTBOX", "tm.northgate.outbox.v1.timetables.*.rejected")
    assert b"was erased" in (rejected.data or b"")
    assert traces(folder.path, WORDS) == []


async def test_a_killed_service_goes_on_when_it_starts(
    organiser: Requester, gone: RegisterPerson, provision_bus: Bus, registrations: Child, folder: DataFolder
) -> None:
    registrations.kill()
    await receipts(provision_bus, NOTIFIER_RECEIPT, SCHEDULER_RECEIPT)
    await erased(organiser)
    assert traces(folder.path, WORDS) == []
    with pytest.raises(Rejection):
        await organiser.ask(Service.REGISTRATIONS, AskPerson(person=GONE, generation=1), OwnPage)


async def test_a_dead_letter_that_comes_while_others_are_waited_for_goes_too(
    organiser: Requester, gone: RegisterPerson, provision_bus: Bus, registrations_bus: Bus, folder: DataFolder
) -> None:
    await receipts(provision_bus, SCHEDULER_RECEIPT)

    async def one_is_in() -> bool:
        return await told(organiser) == [(False, ("notifier", "registrations"))]

    await eventually(one_is_in)
    await bury(
        registrations_bus,
        Service.REGISTRATIONS,
        community="northgate",
        subject="tm.northgate.inbox.v1.timetables.person.register",
        seq=1,
        headers={"ce-id": "late"},
        body=gone.model_dump_json().encode(),
        error=RuntimeError("on purpose"),
    )
    await receipts(provision_bus, NOTIFIER_RECEIPT)
    await erased(organiser)
    assert traces(folder.path, WORDS) == []


async def test_of_a_dead_letter_about_several_people_the_others_part_stays(
    organiser: Requester, provision_bus: Bus, registrations_bus: Bus
) -> None:
    await organiser.command(
        Service.REGISTRATIONS, RegisterPerson(person=GONE, name=NAME, address=ADDRESS, school="Hillside School")
    )
    bodies = (
        b'{"people":[{"person":"p-gone","name":"Quirina Erdm\xc3\xa4nnchen"},{"person":"p-002","name":"Ben Ito"}]}',
        b'{"person":"p-gone","windows":[]}',
        b'{"person":"p-002","windows":[]}',
        b"not JSON: quirina@fernweh-allee.example",
    )
    for seq, body in enumerate(bodies, start=1):
        await bury(
            registrations_bus,
            Service.REGISTRATIONS,
            community="northgate",
            subject="tm.northgate.inbox.v1.timetables.people.import",
            seq=seq,
            headers={"ce-id": f"import-{seq}"},
            body=body,
            error=RuntimeError("on purpose"),
        )
    await organiser.command(Service.REGISTRATIONS, ErasePerson(person=GONE))
    await receipts(provision_bus, NOTIFIER_RECEIPT, SCHEDULER_RECEIPT)
    await erased(organiser)
    left, seq = {}, 0
    while True:
        try:
            raw = await provision_bus.js.get_msg(
                DEADLETTERS, seq=seq + 1, subject=deadletters_of(), next=True, direct=True
            )
        except NotFoundError:
            break
        seq = int(raw.seq or 0)
        left[(raw.headers or {})["ce-id"]] = raw.data
    assert left == {
        "import-1": b'{"people": [{"person": "p-002", "name": "Ben Ito"}]}',
        "import-3": b'{"person":"p-002","windows":[]}',
    }

"""The name of an erased presenter leaves what others were sent, and their calendars are told on as before."""

from __future__ import annotations

import pytest
from nats.js.errors import NotFoundError
from released_sessions import Sessions

from shared.bus.connection import Bus
from shared.contract.catalogue import CONTACT, INVITE, NOTIFIER_RECEIPT
from shared.contract.facts.notifier import Invite
from shared.contract.facts.privacy import Erased, Erasure
from shared.contract.facts.registrations import Contact
from shared.privacy.words import Words
from teachmeet.local.processes import Child
from tests.clock import STARTS_AT
from tests.processes import eventually
from tests.written_facts import history, publish

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAME = "Quirina Ahorn"
# Presents all sessions of the community.
PRESENTER = "nobody"


async def invites(sessions: Sessions) -> list[Invite]:
    return [each for _, each in await history(sessions.facts_bus, INVITE, Invite, community=sessions.community)]


async def erased(bus: Bus, community: str) -> None:
    """What registrations writes when somebody is erased; and wait for the notifier's receipt."""
    tombstone = Erased(person=PRESENTER, at=STARTS_AT)
    await bus.js.publish(CONTACT.ref(community, PRESENTER).fact("erased"), tombstone.model_dump_json().encode())
    await publish(bus, Erasure(person=PRESENTER, at=STARTS_AT), community=community)

    async def receipt() -> bool:
        try:
            await bus.js.get_last_msg("NOTIFIER", NOTIFIER_RECEIPT.ref(community, PRESENTER).every_fact(), direct=True)
        except NotFoundError:
            return False
        return True

    await eventually(receipt)


async def test_a_presenters_name_leaves_the_invitations_of_others_which_go_on_in_order(
    sessions: Sessions, notifier: Child
) -> None:
    words = Words.of((NAME,))
    await sessions.established("ada", "ben")
    contact = Contact(
        person=PRESENTER,
        name=NAME,
        address=f"quirina@{sessions.community}.example",
        zone="Europe/London",
        name_public=True,
    )
    await publish(sessions.facts_bus, contact, community=sessions.community)
    await sessions.released({"drawing": ("ada", "ben")})
    await sessions.delivered()
    await sessions.released({"drawing": ("ada", "ben")}, hours=1)
    await sessions.delivered()
    before = await invites(sessions)
    assert all(words.stand_in_state(each.model_dump(mode="json")) for each in before)

    await erased(sessions.facts_bus, sessions.community)
    left = await invites(sessions)
    assert {(each.person, each.n, each.sequence, each.status) for each in left} == {
        (person, n, n - 1, "sent") for person in ("ada", "ben") for n in (1, 2)
    }
    assert not any(words.stand_in_state(each.model_dump(mode="json")) for each in left)
    assert [each.n for each in left if each.person == "ada"] == [1, 2]

    await sessions.released({"drawing": ("ada",)}, hours=3)
    await sessions.delivered()
    assert sessions.told() == {
        *((person, "REQUEST", sequence) for person in ("ada", "ben") for sequence in (0, 1)),
        ("ada", "REQUEST", 2),
        ("ben", "CANCEL", 2),
    }
    assert not any(words.stand_in_state(each.model_dump(mode="json")) for each in await invites(sessions))

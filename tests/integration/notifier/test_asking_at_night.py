"""In quiet hours only what somebody waits for, or what ends soon, goes out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from notice_mails import notices, told
from released_sessions import START, Sessions

from shared.contract.facts.calls import Confirmation
from shared.contract.facts.registrations import Programme, Proposal, Seating
from shared.contract.facts.scheduler import Release
from shared.contract.facts.seats import Offer, Pool
from teachmeet.local.folder import DataFolder
from teachmeet.local.processes import Child
from tests.clock import CLOCK
from tests.processes import eventually
from tests.written_facts import publish

pytestmark = [pytest.mark.asyncio(loop_scope="module")]


@pytest.fixture(scope="module")
def environment(folder: DataFolder) -> dict[str, str]:
    """A notifier for whose readers it is always night."""
    return {
        "TEACHMEET_LINK_KEY_FILE": str(folder.link_key),
        "TEACHMEET_QUIET_HOURS": "00:00-23:59",
    }


async def test_links_and_offers_go_out_at_night_and_chases_wait(sessions: Sessions, notifier: Child) -> None:
    await sessions.established("amara", "ben", "cleo", "dan")
    now = CLOCK.now()
    placement = Release.example["placements"][0] | {"session": "drawing", "proposal": "drawing", "start": START}
    line = {"pool": Pool.IN_PERSON, "offered_at": now - timedelta(minutes=1), "since": now - timedelta(days=1)}
    offers = [
        Offer(person="amara", expires=now + timedelta(hours=12), **line),
        Offer(person="dan", expires=now + timedelta(hours=48), **line),
    ]
    seating = {"session": "drawing", "proposal": "drawing", "people": (), "offers": offers, "input_seq": 0}
    draft = {"proposal": "reading", "presenters": ["ben"], "status": "drafted", "begun_at": now, "link_wanted": now}
    asked = {"person": "cleo", "proposal": "drawing", "asked": now - timedelta(hours=1)}
    facts = (
        Programme.model_validate(Programme.example),
        Proposal.model_validate(Proposal.example | {"proposal": "drawing", "presenters": ["cleo"]}),
        Confirmation.model_validate(Confirmation.example | asked),
        Release.model_validate(Release.example | {"placements": [placement]}),
        Seating.model_validate(Seating.example | seating),
        Proposal.model_validate(Proposal.example | draft),
    )
    await publish(sessions.facts_bus, *facts, community=sessions.community)

    async def both() -> bool:
        return [what for what, _ in await told(sessions.facts_bus, sessions)].count("sent") >= 2

    await eventually(both)
    found = notices(sessions.mail, sessions.community)
    assert sorted(str(each["To"].addresses[0].username) for each in found) == ["amara", "ben"]
    assert {each.kind for _, each in await told(sessions.facts_bus, sessions)} == {"edit-link", "seat-offer"}

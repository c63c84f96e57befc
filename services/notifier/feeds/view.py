"""Every released session of a community, from the view."""

from __future__ import annotations

from services.notifier.feeds.listing import KnownProposal, KnownRelease, ListedSession, public_sessions
from shared.bus.facts import Facts
from shared.contract.catalogue import CONTACT, PROPOSAL, RELEASE, SEATING
from shared.contract.facts.registrations import Contact, Seating


def released_sessions(facts: Facts, community: str) -> list[ListedSession]:
    """What is or was released, as anybody may know it: without join links, with the names that may be shown."""
    return public_sessions(
        [KnownRelease(each.state, each.at) for each in facts.all(RELEASE, community).values()],
        {ids[0]: seating for ids, seating in facts.states(SEATING, Seating, community).items()},
        {ids[0]: KnownProposal(each.state, each.at) for ids, each in facts.all(PROPOSAL, community).items()},
        {ids[0]: each.name for ids, each in facts.states(CONTACT, Contact, community).items() if each.name_public},
    )

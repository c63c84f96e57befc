"""Where an erased person still stands in what belongs to others: seatings, proposals, rules."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping

from pydantic import ValidationError

from services.registrations.decisions.taking_over import handed_over
from shared.bus.entities import Stored
from shared.bus.facts import Facts
from shared.bus.store import Write
from shared.contract.catalogue import CONTACT, ERASURE, FACTS, PROPOSAL, FactKind
from shared.contract.facts.privacy import Erased
from shared.contract.facts.registrations import Proposal, ProposalStatus
from shared.contract.subjects import Service
from shared.privacy.words import Words, names_person, without_person

log = logging.getLogger(__name__)

WITHDRAWN_TITLE = "Withdrawn"

OF_OTHERS: tuple[FactKind, ...] = tuple(
    kind
    for kind in FACTS
    if kind.service is Service.REGISTRATIONS
    and not kind.is_about_a_person
    and kind.entity != ERASURE.entity
    and "person" not in kind.model.model_fields
)
"""Kinds of facts that belong to no single person."""


def mentions(facts: Facts, community: str, people: Mapping[str, Words]) -> Iterator[Write]:
    """What has to be written so that nothing names these people any more; with each, their names and addresses.

    A proposal that one of them would present alone is withdrawn, and of what it said nothing is left. Of all else only
    they leave: their ids, what in lists is theirs, and their words in texts. Proposals of a stranger whose address was
    registered since are that person's: also those that were begun in the same moment.
    """
    every_word = Words.together(people.values())
    successors = _successors(facts, community, people)
    for kind in OF_OTHERS:
        for stored in tuple(facts.all(kind, community).values()):
            write = _handed_over(stored, successors) or _without(kind, stored, people, every_word)
            if write is not None:
                yield write


def _successors(facts: Facts, community: str, people: Iterable[str]) -> dict[str, str]:
    """Who came in the place of which of these people, as far as they are still here."""
    tombstones = {person: facts.get(CONTACT.ref(community, person)) for person in people}
    successors = {
        person: stored.state.successor
        for person, stored in tombstones.items()
        if stored is not None and isinstance(stored.state, Erased) and stored.state.successor is not None
    }
    return {person: other for person, other in successors.items() if not facts.is_erased(community, other)}


def _handed_over(stored: Stored, successors: Mapping[str, str]) -> Write | None:
    state = stored.state if successors else None
    if not isinstance(state, Proposal) or successors.keys().isdisjoint(state.presenters):
        return None
    for stranger, person in successors.items():
        state = handed_over(state, stranger, person)
    return Write(stored.ref, stored.what, state, stored.seq)


def is_withdrawn_for(stored: Stored | None, person: str) -> bool:
    """Whether that is what is left of a proposal that the person would have presented alone."""
    return (
        stored is not None
        and isinstance(stored.state, Proposal)
        and stored.state.status is ProposalStatus.WITHDRAWN
        and stored.state.presenters == (person,)
        and stored.state.title == WITHDRAWN_TITLE
    )


def _without(kind: FactKind, stored: Stored, people: Mapping[str, Words], every_word: Words) -> Write | None:
    state = stored.state
    if kind.entity == PROPOSAL.entity and people.keys() >= set(state.presenters):
        if any(is_withdrawn_for(stored, person) for person in state.presenters):
            return None
        return Write(stored.ref, ProposalStatus.WITHDRAWN, _emptied(state), stored.seq)
    written = state.model_dump(mode="json", exclude_none=True)
    named = [person for person in people if names_person(written, person)]
    if not named and not every_word.stand_in_state(written):
        return None
    for person in people if every_word.words else named:
        written = without_person(written, person, people[person])
    try:
        return Write(stored.ref, stored.what, kind.model.model_validate(written), stored.seq)
    except ValidationError:
        # One thing that cannot do without their words must not keep everybody else from being erased.
        log.warning("sequence %d of %s keeps words of an erased person", stored.seq, kind.entity)
        return _without_ids(kind, stored, named)


def _without_ids(kind: FactKind, stored: Stored, named: list[str]) -> Write | None:
    written = stored.state.model_dump(mode="json", exclude_none=True)
    for person in named:
        written = without_person(written, person, Words(()))
    return Write(stored.ref, stored.what, kind.model.model_validate(written), stored.seq) if named else None


def _emptied(proposal: Proposal) -> Proposal:
    """What others refer to, and nothing that was said."""
    return Proposal(
        proposal=proposal.proposal,
        programme=proposal.programme,
        title=WITHDRAWN_TITLE,
        format=proposal.format,
        minutes=proposal.minutes,
        presenters=proposal.presenters[:1],
        parts=proposal.parts,
        status=ProposalStatus.WITHDRAWN,
        origin=proposal.origin,
        applied=proposal.applied,
    )

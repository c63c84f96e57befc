"""The sessions of an accepted proposal in parts: when each is, and which are called off."""

from __future__ import annotations

from dataclasses import dataclass

from services.web.released import released_session
from services.web.times import long_day
from shared.bus.facts import Facts
from shared.contract.facts.registrations import Proposal, ProposalStatus
from shared.time.zones import zone


@dataclass(frozen=True)
class ProposalDate:
    """One of its sessions. ``may_go`` tells that it may be called off."""

    session: str
    words: str
    called_off: bool
    may_go: bool


def series_words(proposal: Proposal) -> str | None:
    """``weekly, 6 dates``; None for a single session."""
    if proposal.parts == 1:
        return None
    return f"weekly, {proposal.parts} dates" if proposal.weekly else f"{proposal.parts} parts"


def dates_of(facts: Facts, community: str, proposal: Proposal) -> tuple[ProposalDate, ...]:
    """The sessions of a proposal in parts that is accepted, in order; none of any other."""
    if proposal.status is not ProposalStatus.ACCEPTED or proposal.parts == 1:
        return ()
    held = proposal.to_hold()
    return tuple(
        ProposalDate(
            session=each,
            words=f"Part {number}: {_when(facts, community, each)}",
            called_off=each not in held,
            may_go=each in held and len(held) > 1,
        )
        for number, each in enumerate(proposal.sessions(), 1)
    )


def _when(facts: Facts, community: str, session: str) -> str:
    found = released_session(facts, community, session)
    if found is None:
        return "no time yet"
    released, zone_name = found
    local = released.time.start.astimezone(zone(zone_name))
    return f"{long_day(local.date())}, {local:%H:%M}"

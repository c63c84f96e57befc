"""Whether a community's mails go out: paused and resumed by its organiser."""

from __future__ import annotations

from datetime import datetime

from shared.bus.facts import Facts
from shared.bus.store import Write
from shared.contract.catalogue import SENDING
from shared.contract.commands.sending import PauseSending, ResumeSending
from shared.contract.facts.sending import Sending


def is_paused(facts: Facts, community: str) -> bool:
    known = facts.state(SENDING, Sending, community, community)
    return known is not None and known.paused


def paused(facts: Facts, community: str, command: PauseSending, at: datetime) -> list[Write]:
    """The fact that pauses sending; nothing when it is paused for that reason already."""
    known = facts.state(SENDING, Sending, community, community)
    if known is not None and known.paused and known.reason == command.reason:
        return []
    return [_write(facts, community, Sending(community=community, paused=True, reason=command.reason, at=at))]


def resumed(facts: Facts, community: str, command: ResumeSending, at: datetime) -> list[Write]:  # noqa: ARG001 - every decision takes its command
    """The fact that resumes sending; nothing when it is not paused."""
    if not is_paused(facts, community):
        return []
    return [_write(facts, community, Sending(community=community, paused=False, at=at))]


def _write(facts: Facts, community: str, state: Sending) -> Write:
    ref = SENDING.ref(community, community)
    stored = facts.get(ref)
    return Write(ref, "paused" if state.paused else "resumed", state, stored.seq if stored is not None else 0)

"""What the organiser decides: about proposals of another time, and about mails in quarantine."""

from __future__ import annotations

from datetime import datetime

from services.notifier.replies.acquaintance import Acquaintance
from services.notifier.replies.quarantine import UNKNOWN, closed
from services.notifier.replies.recording import answer_writes
from services.notifier.replies.standing import decided, told
from shared.bus.facts import Facts
from shared.bus.store import Write
from shared.contract.catalogue import QUARANTINE, REPLY
from shared.contract.commands.replies import CounterDecision, DecideCounter, DecideQuarantine, QuarantineDecision
from shared.contract.facts.replies import Answered, CounterState, Quarantined, QuarantineState, ReplyWay
from shared.contract.results import Rejection, RejectionCode

_OUTCOMES = {CounterDecision.DECLINE: CounterState.DECLINED, CounterDecision.TAKE_UP: CounterState.TAKEN_UP}


def counter_decided(facts: Facts, community: str, command: DecideCounter, now: datetime) -> list[Write]:
    """The fact that a decision about a proposal becomes; nothing when it was decided so. Raises Rejection."""
    outcome = _OUTCOMES[command.decision]
    ref = REPLY.ref(community, command.person, command.session)
    stored = facts.get(ref)
    known = facts.state(REPLY, Answered, community, command.person, command.session)
    if stored is None or known is None or known.counter is None:
        problem = "has proposed no other time for this session"
        raise Rejection.of(RejectionCode.UNKNOWN, "person", problem, "somebody whom the list of replies names")
    change = decided(known, outcome, now)
    if change is None:
        if known.counter.state is outcome:
            return []
        raise Rejection.of(RejectionCode.CONFLICT, "decision", "comes too late; it was decided", "nothing more")
    return [Write(ref, change.what, change.state, stored.seq)]


def quarantine_decided(
    facts: Facts, acquaintance: Acquaintance, community: str, command: DecideQuarantine, now: datetime
) -> list[Write]:
    """The facts that a decision about a mail becomes: its own, and the answer that is admitted. Raises Rejection."""
    ref = QUARANTINE.ref(community, command.person, command.id)
    stored = facts.get(ref)
    case = facts.state(QUARANTINE, Quarantined, community, command.person, command.id)
    if stored is None or case is None:
        raise Rejection.of(RejectionCode.UNKNOWN, "id", "names no mail here", "one that the list of replies names")
    outcome = QuarantineState.ADMITTED if command.decision is QuarantineDecision.ADMIT else QuarantineState.DISMISSED
    if case.state is not QuarantineState.KEPT:
        if case.state is outcome:
            return []
        raise Rejection.of(RejectionCode.CONFLICT, "decision", "comes too late; it was decided", "nothing more")
    admitted = _admitted(facts, acquaintance, community, case, now) if outcome is QuarantineState.ADMITTED else []
    return [Write(ref, outcome, closed(case, outcome, now), stored.seq), *admitted]


def _admitted(
    facts: Facts, acquaintance: Acquaintance, community: str, case: Quarantined, now: datetime
) -> list[Write]:
    person = case.person if case.person != UNKNOWN else acquaintance.person_at(community, case.sender or "")
    if case.session is None or case.partstat is None:
        raise Rejection.of(RejectionCode.CONFLICT, "id", "is not an answer that could be admitted", "dismiss")
    if person is None:
        raise Rejection.of(
            RejectionCode.CONFLICT, "id", "comes from nobody who is registered", "register the sender first, or dismiss"
        )
    entry = acquaintance.invited_as(community, person, case.session)
    invited = entry.meant(case.recurrence) if entry is not None else None
    if invited is None or not invited.is_about(case.recurrence):
        raise Rejection.of(RejectionCode.CONFLICT, "id", "is about a session that nobody was invited to", "dismiss")
    known = facts.state(REPLY, Answered, community, person, invited.session)
    change = told(known, invited, case.partstat, ReplyWay.ORGANISER, None, now)
    return answer_writes(facts, community, invited, change)

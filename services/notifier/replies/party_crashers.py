"""What becomes of the answer of somebody who was not invited: by the policy of the house, never over capacity."""

from __future__ import annotations

from dataclasses import dataclass

from services.notifier.replies.incoming import Itip, Reply
from services.notifier.replies.quarantine import UNKNOWN, Case
from services.notifier.replies.trust import Crasher, Known, PartyCrashers
from shared.contract.facts.replies import PartStat, QuarantineReason, QuarantineState

_COMES = frozenset({PartStat.ACCEPTED, PartStat.TENTATIVE})


@dataclass(frozen=True)
class CrasherHandling:
    """Take the answer as that person's own (``admit``), or store a ``case``, and maybe tell them so (``answer``)."""

    admit: str | None = None
    case: Case | None = None
    answer: bool = False


def crasher_handling(message: Itip, crasher: Crasher, known: Known, policy: PartyCrashers) -> CrasherHandling | None:
    """None: nothing is to be done, as for somebody who was not invited and does not come.

    Only people who are registered can be admitted, and only if they answer an invitation that was forwarded to them,
    or prove who they are; others wait for the organiser, who may register them. Nobody is mailed because of what
    somebody else says of them: an answer goes to nobody but the sender.
    """
    if not isinstance(message, Reply) or crasher.answer.partstat not in _COMES:
        return None
    if crasher.person is not None and crasher.person in known.invited:
        why = "it speaks for somebody else than it was sent to"
        return CrasherHandling(case=_case(crasher, QuarantineReason.MISMATCH, why))
    match policy:
        case PartyCrashers.ADMIT if crasher.person is not None and (known.target is not None or crasher.proven):
            return CrasherHandling(admit=crasher.person)
        case PartyCrashers.REJECT:
            case = _case(crasher, QuarantineReason.STRANGER, "not invited; turned down", QuarantineState.DISMISSED)
            return CrasherHandling(case=case, answer=crasher.address == message.head.sender)
    return CrasherHandling(case=_case(crasher, QuarantineReason.STRANGER, "somebody who was not invited wants to come"))


def _case(crasher: Crasher, reason: QuarantineReason, why: str, state: QuarantineState = QuarantineState.KEPT) -> Case:
    """One case for a person and session, however many mails they send."""
    return Case(
        reason,
        why,
        (crasher.address, crasher.session),
        person=crasher.person or UNKNOWN,
        session=crasher.session,
        sender=crasher.address,
        answer=crasher.answer,
        state=state,
    )

"""What a proposal may say: its format and length, presenters, parts, times, and what comes before it."""

from __future__ import annotations

from collections.abc import Iterator

from services.registrations.decisions.ledger import Ledger
from shared.contract.catalogue import CONTACT, PROPOSAL
from shared.contract.commands.registrations import DraftProposal
from shared.contract.facts.registrations import Contact, Programme, Proposal
from shared.contract.results import FieldError, Rejection, RejectionCode
from shared.contract.values import Answer, Window


def minutes_of(programme: Programme, format: str, minutes: int | None) -> int:
    """How long it is: as stated, or as its format is. Raises Rejection for a format that the programme does not have,
    and for more minutes than the format has."""
    offered = {each.format: each.minutes for each in programme.formats}
    if not offered:
        if minutes is None:
            raise Rejection.of(RejectionCode.INVALID, "minutes", "is missing", "1 to 1440 minutes")
        return minutes
    if format not in offered:
        known = ", ".join(f"{name} ({length} minutes)" for name, length in offered.items())
        raise Rejection.of(RejectionCode.INVALID, "format", "is not a format of the programme", known)
    if minutes is not None and minutes > offered[format]:
        allowed = f"at most {offered[format]}, as long as a {format} is in this programme"
        raise Rejection.of(RejectionCode.INVALID, "minutes", "is longer than the format", allowed)
    return minutes if minutes is not None else offered[format]


def check_terms(ledger: Ledger, command: DraftProposal) -> None:
    """Raise the rejection that names everything in which a proposal contradicts what is known, or itself."""
    _check_presenters(ledger, command)
    _check_gap(command)
    _check_weekly(command)
    wrong = [
        *_answers(command.preferred, "preferred", Answer.YES),
        *_answers(command.impossible, "impossible", Answer.NO),
    ]
    if wrong:
        raise Rejection(RejectionCode.INVALID, *wrong)
    _check_prerequisites(ledger, command)


def _check_presenters(ledger: Ledger, command: DraftProposal) -> None:
    unknown = [
        FieldError(field=f"presenters.{index}", problem="names nobody here", allowed="the id of a registered person")
        for index, person in enumerate(command.presenters)
        if ledger.get(CONTACT, Contact, person) is None
    ]
    if unknown:
        raise Rejection(RejectionCode.UNKNOWN, *unknown)


def _check_gap(command: DraftProposal) -> None:
    fewest, most = command.part_gap_days
    if not 0 <= fewest <= most <= 366:
        raise Rejection.of(
            RejectionCode.INVALID, "part_gap_days", "is not a range of days", "fewest and most days, 0 to 366, in order"
        )


def _check_weekly(command: DraftProposal) -> None:
    if command.weekly and command.parts == 1:
        allowed = "true with 2 to 12 parts, or false with a single one"
        raise Rejection.of(RejectionCode.INVALID, "weekly", "needs several parts", allowed)


def _answers(windows: tuple[Window, ...], field: str, answer: Answer) -> Iterator[FieldError]:
    for index, window in enumerate(windows):
        if window.answer is not answer:
            problem, allowed = f"says something else than {answer}", f"{answer}: that is what {field} times say"
            yield FieldError(field=f"{field}.{index}.answer", problem=problem, allowed=allowed)


def _check_prerequisites(ledger: Ledger, command: DraftProposal) -> None:
    allowed = "another proposal of the same programme, which does not come after this one"
    wrong: list[FieldError] = []
    for index, name in enumerate(command.prerequisites):
        before = ledger.get(PROPOSAL, Proposal, name)
        if name == command.proposal:
            problem = "names the proposal itself"
        elif before is None or before.programme != command.programme:
            problem = "names no proposal of the programme"
        elif _comes_after(ledger, before, command.proposal):
            problem = "comes after this proposal, which would be a circle"
        else:
            continue
        wrong.append(FieldError(field=f"prerequisites.{index}", problem=problem, allowed=allowed))
    if wrong:
        raise Rejection(RejectionCode.INVALID, *wrong)


def _comes_after(ledger: Ledger, proposal: Proposal, other: str) -> bool:
    """Whether ``other`` is among what must come before that proposal, directly or not."""
    seen: set[str] = set()
    waiting = [*proposal.prerequisites]
    while waiting:
        name = waiting.pop()
        if name == other:
            return True
        if name not in seen and (before := ledger.get(PROPOSAL, Proposal, name)) is not None:
            waiting += before.prerequisites
        seen.add(name)
    return False

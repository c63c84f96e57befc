"""Whether a programme takes proposals from somebody now: by its open call, or by an access code while it is closed."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from services.registrations.decisions.ledger import Ledger
from services.registrations.decisions.people import AddressKey
from shared.bus.store import Write
from shared.contract.authority import Actor, ActorKind
from shared.contract.catalogue import ACCESS_CODE, CODE_GUESS, PROGRAMME
from shared.contract.commands.calls import MakeAccessCode, RevokeAccessCode
from shared.contract.facts.calls import AccessCode, AccessCodes, CodeGuesses, Guesses
from shared.contract.facts.registrations import Programme, Proposal
from shared.contract.results import FieldError, Rejection, RejectionCode

_GUESSING = timedelta(hours=1)
MOST_WRONG = 10
"""Wrong codes of one person within an hour; then none is looked at until the hour is over."""
MOST_WRONG_OF_STRANGERS = 50
"""The same for all together who have no account; a link that they ask for has a count of its own."""
_MOST_CODES = 50


class WrongCodeError(Rejection):
    """An access code that does not open the call. What counts it is written although the command is refused."""

    def __init__(self, counted: tuple[Write, ...]) -> None:
        super().__init__(
            RejectionCode.CONFLICT,
            FieldError(
                field="access_code",
                problem="does not open the call of this programme",
                allowed="a code that the organiser gave you for it",
            ),
        )
        self.counted = counted


def make_code(ledger: Ledger, command: MakeAccessCode, keys: AddressKey) -> None:
    """A code of that label opens the call from now on; one that had the label before opens nothing any more."""
    ledger.require(PROGRAMME, Programme, "programme", command.programme)
    if command.expires is not None and command.expires <= ledger.now:
        raise Rejection.of(RejectionCode.INVALID, "expires", "is past", "a later instant, or none")
    known = _codes(ledger, command.programme)
    digest = _digest(ledger, command.programme, command.code, keys)
    before = next((each for each in known.codes if each.label == command.label), None)
    if before is not None and (before.digest, before.expires) == (digest, command.expires):
        return
    others = tuple(each for each in known.codes if each.label != command.label)
    if len(others) >= _MOST_CODES:
        raise Rejection.of(
            RejectionCode.CONFLICT, "label", "would be one code too many", f"{_MOST_CODES} codes of a programme"
        )
    made = AccessCode(label=command.label, digest=digest, made_at=ledger.now, expires=command.expires)
    codes = tuple(sorted((*others, made), key=lambda each: each.label))
    ledger.write(ACCESS_CODE, (command.programme,), "made", known.model_copy(update={"codes": codes}))


def revoke_code(ledger: Ledger, command: RevokeAccessCode) -> None:
    known = _codes(ledger, command.programme)
    left = tuple(each for each in known.codes if each.label != command.label)
    if left == known.codes:
        labels = ", ".join(each.label for each in known.codes) or "none; this programme has no access code"
        raise Rejection.of(RejectionCode.UNKNOWN, "label", "names no access code of the programme", labels)
    ledger.write(ACCESS_CODE, (command.programme,), "revoked", known.model_copy(update={"codes": left}))


def admission(
    ledger: Ledger, programme: Programme, actor: Actor, code: str | None, known: Proposal | None, keys: AddressKey
) -> str | None:
    """The label of the access code by which a proposal may come in or be changed now; None where none is needed.

    Raises Rejection; ``WrongCodeError`` when it would take a code and this is none.
    """
    label = known.access if known is not None else None
    if actor.kind is ActorKind.ORGANISER or _is_open(programme, actor, ledger.now):
        return label
    if label is not None and any(each.label == label for each in _valid(ledger, programme.programme)):
        return label
    if code is None:
        raise _closed(programme)
    return _label_of(ledger, programme.programme, actor, code, keys)


def _is_open(programme: Programme, actor: Actor, now: datetime) -> bool:
    """Without a call, those whom the community knows may propose at any time, and strangers never."""
    if programme.call is None:
        return actor.kind is not ActorKind.ANYONE
    return programme.call.opens <= now < programme.call.closes


def _closed(programme: Programme) -> Rejection:
    call = programme.call
    when = f"; this one's is from {call.opens:%Y-%m-%d} to {call.closes:%Y-%m-%d}" if call is not None else ""
    allowed = f"a programme whose call is open{when}"
    return Rejection.of(RejectionCode.CONFLICT, "programme", "does not take proposals now", allowed)


def _label_of(ledger: Ledger, programme: str, actor: Actor, code: str, keys: AddressKey) -> str:
    guesses = _guesses(ledger, programme, actor)
    if guesses.wrong >= _most(actor):
        raise WrongCodeError(())
    given = _digest(ledger, programme, code, keys)
    fitting = [each.label for each in _valid(ledger, programme) if hmac.compare_digest(each.digest, given)]
    if not fitting:
        raise WrongCodeError(_counted(ledger, programme, actor, guesses))
    return fitting[0]


def _valid(ledger: Ledger, programme: str) -> tuple[AccessCode, ...]:
    codes = _codes(ledger, programme).codes
    return tuple(each for each in codes if each.expires is None or ledger.now < each.expires)


def _codes(ledger: Ledger, programme: str) -> AccessCodes:
    return ledger.get(ACCESS_CODE, AccessCodes, programme) or AccessCodes(programme=programme)


def _digest(ledger: Ledger, programme: str, code: str, keys: AddressKey) -> str:
    # No address holds a blank, so that a code never has the digest of one.
    return keys.digest(ledger.community, f"access code of {programme} {code}")


def _most(actor: Actor) -> int:
    return MOST_WRONG if actor.kind is ActorKind.PERSON else MOST_WRONG_OF_STRANGERS


def _guesses(ledger: Ledger, programme: str, actor: Actor) -> Guesses:
    """The wrong codes of this hour."""
    if actor.kind is ActorKind.PERSON:
        known = ledger.get(CODE_GUESS, CodeGuesses, actor.name, programme)
        guesses = known.guesses if known is not None else Guesses()
    else:
        guesses = _codes(ledger, programme).guesses
    if guesses.since is None or ledger.now - guesses.since >= _GUESSING:
        return Guesses(since=ledger.now)
    return guesses


def _counted(ledger: Ledger, programme: str, actor: Actor, guesses: Guesses) -> tuple[Write, ...]:
    """One more wrong code, apart from whatever else was decided."""
    apart = Ledger(ledger.facts, ledger.community, ledger.now)
    more = guesses.model_copy(update={"wrong": guesses.wrong + 1})
    if actor.kind is ActorKind.PERSON:
        counted = CodeGuesses(person=actor.name, programme=programme, guesses=more)
        apart.write(CODE_GUESS, (actor.name, programme), "guessed", counted)
    elif (known := _codes(ledger, programme)).codes:
        apart.write(ACCESS_CODE, (programme,), "guessed", known.model_copy(update={"guesses": more}))
    return tuple(apart.writes)

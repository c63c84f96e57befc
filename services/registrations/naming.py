"""Commands about people who are named otherwise than by their id here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from services.registrations.decisions.externals import with_person
from services.registrations.decisions.ledger import Ledger
from services.registrations.decisions.people import AddressKey
from services.registrations.decisions.table import decide, target
from shared.bus.executing import carry_out
from shared.bus.requests import Request
from shared.bus.service import Runtime
from shared.bus.store import ConflictError, Write
from shared.contract.externals import ByExternalId
from shared.contract.message import Command
from shared.contract.results import Accepted, Rejection, RejectionCode

_TRIES = 4


class _SomebodyElseError(Exception):
    """Meanwhile the same name leads to another person."""


async def carry_out_named(runtime: Runtime, request: Request, keys: AddressKey) -> Accepted:
    """Carry out a command, whoever it says is meant. Raises as ``carry_out`` does."""
    if request.dry_run and getattr(request.command, "access_code", None) is not None:
        # A guess that is not counted would be a guess for nothing.
        raise Rejection.of(RejectionCode.INVALID, "access_code", "cannot be checked", "the command without ce-dryrun")
    for _ in range(_TRIES):
        command = named(_ledger(runtime, request), request, keys)
        about = target(request.community, command)
        try:
            return await carry_out(
                runtime, replace(request, command=command), about, _decision(runtime, request, command, keys)
            )
        except _SomebodyElseError:
            continue
    raise ConflictError(about)


def named(ledger: Ledger, request: Request, keys: AddressKey) -> Command:
    """The command with the id of the person who is meant. Raises Rejection."""
    command = request.command
    if isinstance(command, ByExternalId):
        return with_person(ledger, command, request.actor, keys, request.cause.digest)
    return command


def _decision(runtime: Runtime, request: Request, command: Command, keys: AddressKey) -> Callable[[], list[Write]]:
    def writes() -> list[Write]:
        ledger = _ledger(runtime, request)
        if named(ledger, request, keys) != command:
            raise _SomebodyElseError
        decide(ledger, command, request.actor, keys)
        return ledger.writes

    return writes


def _ledger(runtime: Runtime, request: Request) -> Ledger:
    return Ledger(runtime.facts, request.community, runtime.bus.clock.now())

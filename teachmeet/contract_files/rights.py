"""The tables of rights, in Markdown: asked of ``may`` and of the allow-lists, never written by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shared.bus.permissions import PARTNER_READS, READS
from shared.contract.authority import SERVICE_CALLERS, Actor, ActorKind, may
from shared.contract.catalogue import ENDPOINTS, FACTS, Endpoint, FactKind
from shared.contract.message import Command

_SOMEBODY_ELSE = Actor(ActorKind.PERSON, "somebody-else")

_TEXT = """\
# Rights

Made by `make contract` from the code. Do not edit.

## Who may give which command

The columns say on whose behalf a command comes. The command line and the front desk speak for the organiser and for
people; a partner speaks for itself only, whatever it states. With *own*, a person may do it for themselves.
A person withdraws only proposals that they present. Our own services ask each other what they may not follow; the
last column names who asks.

{commands}

## Who may follow which facts

A service also follows its own facts.

{facts}
"""


def rights() -> str:
    """The text of ``rights.md``."""
    commands = [_command_row(each) for each in ENDPOINTS]
    facts = [_fact_row(kind) for kind in FACTS]
    return _TEXT.format(
        commands=_table(
            ("command", "service", "inbox", "organiser", "partner", "person", "anyone", "our services"), commands
        ),
        facts=_table(("facts", "of", *READS, "partners"), facts),
    )


def _command_row(endpoint: Endpoint) -> tuple[str, ...]:
    command = endpoint.command.model_validate(endpoint.command.example)
    return (
        f"`{endpoint.entity}.{endpoint.verb}`",
        endpoint.service,
        _yes(endpoint.inbox),
        _yes(may("cli", Actor(ActorKind.ORGANISER), command)),
        _yes(may("partner", Actor(ActorKind.PARTNER, "partner"), command)),
        _person(command),
        _yes(may("web", Actor(ActorKind.ANYONE), command)),
        _services(command),
    )


def _services(command: Command) -> str:
    return ", ".join(each for each in sorted(SERVICE_CALLERS) if may(each, Actor(ActorKind.SERVICE, each), command))


def _person(command: Command) -> str:
    if may("web", _SOMEBODY_ELSE, command):
        return "yes"
    stated = command.model_dump()
    people = (stated.get("person"), *stated.get("presenters", ()))
    own = any(may("web", Actor(ActorKind.PERSON, person), command) for person in people if person)
    return "own" if own else ""


def _fact_row(kind: FactKind) -> tuple[str, ...]:
    readers = (*(kind in kinds for kinds in READS.values()), kind in PARTNER_READS)
    return (f"`{kind.entity}`", kind.service, *(_yes(each) for each in readers))


def _yes(allowed: bool) -> str:  # noqa: FBT001 - what is written for a yes or a no
    return "yes" if allowed else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)

"""Decisions about the frame: the community, and programmes, announced as they are or made from a template."""

from __future__ import annotations

from collections.abc import Mapping

from services.registrations.decisions.ledger import Ledger
from services.registrations.programme_templates import ProgrammeTemplate
from shared.contract.catalogue import COMMUNITY, PROGRAMME
from shared.contract.commands.calls import CreateProgramme
from shared.contract.commands.registrations import AnnounceProgramme, EstablishCommunity
from shared.contract.facts.registrations import Community, Programme
from shared.contract.results import FieldError, Rejection, RejectionCode
from shared.contract.values import Weekday

_LONGEST_PROGRAMME_DAYS = 400


def establish(ledger: Ledger, command: EstablishCommunity) -> None:
    community = Community(community=ledger.community, **command.model_dump())
    ledger.write(COMMUNITY, (ledger.community,), "established", community)


def announce(ledger: Ledger, command: AnnounceProgramme) -> None:
    if command.last_day < command.first_day:
        raise Rejection.of(RejectionCode.INVALID, "last_day", "is before first_day", "a day not before first_day")
    if (command.last_day - command.first_day).days > _LONGEST_PROGRAMME_DAYS:
        raise Rejection.of(
            RejectionCode.INVALID, "last_day", "is too far off", f"at most {_LONGEST_PROGRAMME_DAYS} days"
        )
    if command.call is not None and command.call.closes <= command.call.opens:
        raise Rejection.of(RejectionCode.INVALID, "call.closes", "is not after call.opens", "a later instant")
    _check_formats(command)
    announced = Programme(**command.model_dump())
    community = ledger.get(COMMUNITY, Community, ledger.community)
    if community is not None and "policy_pack" not in command.model_fields_set:
        announced = announced.model_copy(update={"policy_pack": community.policy_pack})
    ledger.write(PROGRAMME, (command.programme,), "announced", announced)


def create(ledger: Ledger, command: CreateProgramme, templates: Mapping[str, ProgrammeTemplate]) -> None:
    """Announce a programme as its template has it, but for what the command states itself."""
    template = templates.get(command.template)
    if template is None:
        raise Rejection.of(RejectionCode.UNKNOWN, "template", "names no template", ", ".join(sorted(templates)))
    community = ledger.require(COMMUNITY, Community, "community", ledger.community)
    _check_weekday(command, template)
    announced = template.programme(command, command.zone or community.zone)
    if command.call is None and announced.call is not None and announced.call.closes <= ledger.now:
        problem = f"would have closed on {announced.call.closes:%Y-%m-%d} by the template"
        raise Rejection.of(RejectionCode.INVALID, "call", problem, "a call of your own, or a later first_day")
    known = ledger.get(PROGRAMME, Programme, command.programme)
    announce(ledger, announced)
    if known is not None and ledger.writes:
        raise Rejection.of(
            RejectionCode.CONFLICT, "programme", "is announced already", "a new id; programme.announce changes one"
        )


def _check_weekday(command: CreateProgramme, template: ProgrammeTemplate) -> None:
    """A template's weekdays are those of its own rules; with others they say nothing."""
    own_rules = command.policy_pack is None and command.weekend is None
    if own_rules and template.weekdays and Weekday.of(command.first_day) not in template.weekdays:
        problem = f"is a {command.first_day:%A}, on which {template.policy_pack} has nothing placed"
        allowed = f"one of {', '.join(template.weekdays)}; or another policy_pack"
        raise Rejection.of(RejectionCode.INVALID, "first_day", problem, allowed)


def _check_formats(command: AnnounceProgramme) -> None:
    names = [each.format for each in command.formats]
    twice = [
        FieldError(field=f"formats.{index}.format", problem="is there twice", allowed="each format once")
        for index, name in enumerate(names)
        if name in names[:index]
    ]
    if twice:
        raise Rejection(RejectionCode.INVALID, *twice)

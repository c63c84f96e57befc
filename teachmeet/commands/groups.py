"""Commands about groups of people: enrolment by rule, and line managers of teams."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from shared.contract.commands.digests import AppointManager
from shared.contract.commands.enrolment import (
    AskEnrolmentRules,
    AskManagers,
    EnrolmentRules,
    LeaveEnrolment,
    Managers,
    RemoveEnrolmentRule,
    SetEnrolmentRule,
)
from shared.contract.facts.managing import Team
from shared.contract.groups import Group, Sector
from shared.contract.subjects import Service
from teachmeet.commands.giving import give
from teachmeet.commands.output import (
    DEFAULT_DATA,
    Community,
    Data,
    Json,
    console,
    guarded,
    organiser,
    print_json,
    run,
)

app = typer.Typer()
enrolment = typer.Typer(no_args_is_help=True, help="Enrolment by rule: everybody of a group, also who comes later.")
app.add_typer(enrolment, name="enrolment")
manager = typer.Typer(no_args_is_help=True, help="Line managers: who answers for which team.")
app.add_typer(manager, name="manager")


@enrolment.command("set")
def set_rule(
    rule: Annotated[str, typer.Argument(help="id of the rule")],
    programme: Annotated[str, typer.Argument(help="id of the programme")],
    school: Annotated[str | None, typer.Option(help="everybody of this school")] = None,
    department: Annotated[str | None, typer.Option(help="of this department")] = None,
    sector: Annotated[Sector | None, typer.Option(help="of this sector")] = None,
    tag: Annotated[str | None, typer.Option(help="of this discipline")] = None,
    group: Annotated[str | None, typer.Option(help="of this group of your own")] = None,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Enrol everybody to whom all of this applies. They are told, and can leave with one click."""
    who = guarded(
        lambda: Group(school=school, department=department, sector=sector, tag=tag, group=group), as_json=as_json
    )
    give(
        Service.REGISTRATIONS,
        lambda: SetEnrolmentRule(rule=rule, programme=programme, group=who),
        data,
        community,
        as_json=as_json,
    )


@enrolment.command("remove")
def remove_rule(
    rule: Annotated[str, typer.Argument(help="id of the rule")],
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """End a rule. Whom it alone enrolled is enrolled no more; they keep the seats that they have."""
    give(Service.REGISTRATIONS, lambda: RemoveEnrolmentRule(rule=rule), data, community, as_json=as_json)


@enrolment.command("leave")
def leave(
    person: Annotated[str, typer.Argument(help="id of the person")],
    programme: Annotated[str, typer.Argument(help="id of the programme")],
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Take somebody out who told you so. The same rule never enrols them again."""
    give(
        Service.REGISTRATIONS,
        lambda: LeaveEnrolment(person=person, programme=programme),
        data,
        community,
        as_json=as_json,
    )


@enrolment.command("list")
def list_rules(
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """List the rules, whom they enrol, and how many left."""

    async def work() -> EnrolmentRules:
        async with organiser(data, community) as requester:
            return await requester.ask(Service.REGISTRATIONS, AskEnrolmentRules(), EnrolmentRules)

    told = run(work, as_json=as_json)
    if as_json:
        print_json(told)
        return
    table = Table(title="Enrolment by rule", title_justify="left")
    for heading in ("Rule", "Programme", "Everybody of", "Enrolled", "Left"):
        table.add_column(heading)
    for each in told.rules:
        table.add_row(each.rule, each.programme, each.group.words(), str(each.enrolled), str(each.left))
    console.print(table)


@manager.command()
def appoint(
    person: Annotated[str, typer.Argument(help="id of the person")],
    team: Annotated[
        list[str] | None, typer.Option(help="a school, or 'school/department'; several times for several teams")
    ] = None,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Say whose teams a person answers for. Replaces what was said before; without a team they manage nobody."""
    teams = guarded(lambda: tuple(team_of(each) for each in team or ()), as_json=as_json)
    give(Service.REGISTRATIONS, lambda: AppointManager(person=person, teams=teams), data, community, as_json=as_json)


@manager.command("list")
def list_managers(
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """List who answers for which teams."""

    async def work() -> Managers:
        async with organiser(data, community) as requester:
            return await requester.ask(Service.REGISTRATIONS, AskManagers(), Managers)

    told = run(work, as_json=as_json)
    if as_json:
        print_json(told)
        return
    table = Table(title="Line managers", title_justify="left")
    for heading in ("Person", "Teams", "People"):
        table.add_column(heading)
    for each in told.managers:
        table.add_row(each.person, "; ".join(map(team_words, each.teams)), str(each.members))
    console.print(table)


def team_of(text: str) -> Team:
    """The team that is written as a school, or as school/department."""
    school, _, department = text.partition("/")
    return Team(school=school, department=department or None)


def team_words(team: Team) -> str:
    return team.school if team.department is None else f"{team.school}/{team.department}"

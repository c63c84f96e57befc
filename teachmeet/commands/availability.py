"""Commands about when people can come: said in words, from a file, from calendars that are read again and again."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from services.registrations.calendars.busy_windows import kept_windows
from services.registrations.calendars.horizons import horizon_at
from services.registrations.calendars.reader import CalendarReader
from services.registrations.imports.drafts import UnreadableFileError
from shared.bus.client import Requester
from shared.contract.commands.calendars import (
    AskAvailability,
    AskCalendars,
    AvailabilityShown,
    Calendars,
    CalendarShown,
    ConnectCalendar,
    DisconnectCalendar,
    ReadCalendar,
    RenewAvailability,
    SayAvailability,
    SourceShown,
    Understood,
)
from shared.contract.commands.registrations import StateAvailability
from shared.contract.facts.calendars import CALENDAR_PREFIX, CalendarKind
from shared.contract.message import Command
from shared.contract.results import Rejection, RejectionCode
from shared.contract.subjects import Service
from shared.contract.values import WeeklyWindow, Window
from shared.time.zones import zone
from teachmeet.commands.giving import give
from teachmeet.commands.output import DEFAULT_DATA, Community, Data, Json, console, organiser, print_json, run

app = typer.Typer()
availability = typer.Typer(no_args_is_help=True, help="When people can come.")
app.add_typer(availability, name="availability")
calendars = typer.Typer(no_args_is_help=True, help="Calendars that are read for people.")
app.add_typer(calendars, name="calendars")

Person = Annotated[str, typer.Argument(help="id of the person")]
Name = Annotated[str, typer.Option("--name", help="what the person calls this calendar")]
_MOST_SHOWN = 12


@availability.command("set")
def say(
    person: Person,
    words: Annotated[
        list[str], typer.Argument(help="such as: Mon 9-11, not Fri, Tue 15:30-17 if need be until 2027-04-30")
    ],
    until: Annotated[str | None, typer.Option(help="last day of parts that name none, e.g. 2027-04-30")] = None,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Say in words when a person can come, in their own time zone. Replaces what was said by hand before."""
    text = " ".join(words)
    last = _day(until) if until else None

    async def work() -> Understood:
        command = SayAvailability(person=person, text=text, until=last)
        async with organiser(data, community) as requester:
            return await requester.ask(Service.REGISTRATIONS, command, Understood)

    _tell_understood(run(work, as_json=as_json), as_json=as_json)


@availability.command()
def upload(
    person: Person,
    file: Annotated[Path, typer.Argument(help="an .ics file", exists=True, dir_okay=False, readable=True)],
    name: Name = "upload",
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Take the busy times out of a calendar file, here; nothing else of it is sent. Replaces the last upload."""

    async def work() -> Understood:
        async with organiser(data, community) as requester, CalendarReader().running() as reader:
            zone_name = await _zone(requester, person)
            horizon = horizon_at(requester.bus.clock.now(), zone_name)
            try:
                found = await reader.read(file.read_bytes(), horizon)
            except UnreadableFileError as error:
                raise Rejection.of(RejectionCode.INVALID, file.name, error.problem, error.allowed) from None
            windows = kept_windows(found.no, found.maybe, horizon.last).windows
            command = StateAvailability(person=person, source=name, windows=windows)
            accepted = await requester.command(Service.REGISTRATIONS, command)
            return Understood(seq=accepted.seq, windows=len(windows), problems=found.problems)

    _tell_understood(run(work, as_json=as_json), as_json=as_json)


@availability.command()
def renew(
    person: Person,
    until: Annotated[str, typer.Option(help="the last day on which it holds, e.g. 2027-12-31")],
    source: Annotated[str, typer.Option(help="whose word is renewed")] = "self",
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Say that a weekly pattern still holds, and until when."""
    last = _day(until)
    give(
        Service.REGISTRATIONS,
        lambda: RenewAvailability(person=person, until=last, source=source),
        data,
        community,
        as_json=as_json,
        said="done",
    )


@availability.command()
def show(
    person: Person,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Show what is known of a person's time, where from, and whether it is still true."""

    async def work() -> AvailabilityShown:
        async with organiser(data, community) as requester:
            return await requester.ask(Service.REGISTRATIONS, AskAvailability(person=person), AvailabilityShown)

    found = run(work, as_json=as_json)
    if as_json:
        print_json(found.model_dump(mode="json", exclude_none=True))
        return
    console.print(f"{person}, by the clocks of {found.zone}; of other times nothing is known")
    for source in found.sources:
        _tell_source(source, found.zone)
    _tell_calendars(found.calendars, found.zone)
    if not found.sources:
        console.print("nothing was said yet")


@calendars.command()
def connect(
    person: Person,
    url: Annotated[
        str,
        typer.Option(prompt="Address (not shown)", hide_input=True, help="asked for when not given; it is a secret"),
    ],
    name: Name = "calendar",
    kind: Annotated[CalendarKind, typer.Option(help="an iCalendar address, or a CalDAV collection")] = CalendarKind.ICS,
    user: Annotated[str | None, typer.Option(help="user name there, where it needs one")] = None,
    password_file: Annotated[
        Path | None, typer.Option(help="file with the password; asked for when there is a user and no file")
    ] = None,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Have a calendar read from now on, for its busy times alone."""
    secret = _password(user, password_file)

    def command() -> Command:
        return ConnectCalendar(person=person, source=name, kind=kind, url=url, user=user, password=secret)

    give(Service.REGISTRATIONS, command, data, community, as_json=as_json, said="done")


def _password(user: str | None, file: Path | None) -> str | None:
    if file is not None:
        try:
            return file.read_text().strip()
        except (OSError, UnicodeDecodeError):
            raise typer.BadParameter("cannot be read", param_hint="--password-file") from None
    return str(typer.prompt("Password (not shown)", hide_input=True)) if user is not None else None


@calendars.command()
def disconnect(
    person: Person,
    name: Name = "calendar",
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Read a calendar no more, and forget its address and its busy times."""
    give(
        Service.REGISTRATIONS,
        lambda: DisconnectCalendar(person=person, source=name),
        data,
        community,
        as_json=as_json,
        said="done",
    )


@calendars.command()
def read(
    person: Person,
    name: Name = "calendar",
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Have a calendar read now rather than at its next turn."""
    give(
        Service.REGISTRATIONS,
        lambda: ReadCalendar(person=person, source=name),
        data,
        community,
        as_json=as_json,
        said="done",
    )


@calendars.command("list")
def list_calendars(
    person: Person,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """List the calendars that are read for a person, and how that goes. Addresses are never shown."""

    async def work() -> tuple[Calendars, str]:
        async with organiser(data, community) as requester:
            found = await requester.ask(Service.REGISTRATIONS, AskCalendars(person=person), Calendars)
            return found, await _zone(requester, person)

    found, zone_name = run(work, as_json=as_json)
    if as_json:
        print_json(found.model_dump(mode="json", exclude_none=True))
        return
    _tell_calendars(found.calendars, zone_name)
    if not found.calendars:
        console.print("no calendar is connected")


async def _zone(requester: Requester, person: str) -> str:
    return (await requester.ask(Service.REGISTRATIONS, AskAvailability(person=person), AvailabilityShown)).zone


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("is no date such as 2027-04-30", param_hint="--until") from None


def _tell_understood(found: Understood, *, as_json: bool) -> None:
    if as_json:
        print_json(found)
    else:
        console.print(f"{found.windows} windows count now")
        for each in found.problems:
            line = f"{each.field} {each.problem}; allowed: {each.allowed}"
            console.print(line, style="yellow", markup=False, soft_wrap=True)
    raise typer.Exit(1 if found.problems else 0)


def _tell_source(source: SourceShown, zone_name: str) -> None:
    unknown = f"; unknown since {_moment(source.unknown_since, zone_name)}" if source.unknown_since else ""
    lasts = f", until {source.lasts_until}" if source.lasts_until else ""
    console.print(f"{source.source}: {len(source.windows)} windows{lasts}{unknown}", markup=False)
    if not source.still_true:
        console.print("  still true? renew it, or say it anew", style="yellow")
    # What a calendar says is many single times; the first few show that it was read.
    for window in source.windows[: _MOST_SHOWN if source.source.startswith(CALENDAR_PREFIX) else None]:
        console.print(f"  {_window(window, zone_name)}", markup=False, soft_wrap=True)


def _tell_calendars(found: tuple[CalendarShown, ...], zone_name: str) -> None:
    for each in found:
        read_at = f"read {_moment(each.read_at, zone_name)}" if each.read_at else "not read yet"
        unknown = f"; unknown since {_moment(each.unknown_since, zone_name)}" if each.unknown_since else ""
        console.print(f"calendar {each.source} ({each.kind}): {read_at}{unknown}", markup=False)
        if each.advice is not None:
            console.print(f"  {each.advice}", style="yellow", markup=False, soft_wrap=True)
        if each.not_understood:
            console.print(f"  {each.not_understood} entries were not understood", style="yellow")


def _window(window: Window, zone_name: str) -> str:
    if isinstance(window, WeeklyWindow):
        days = " ".join(each.value.capitalize() for each in window.weekdays)
        whole = window.start == window.end
        times = "all day" if whole else f"{window.start:%H:%M}-{window.end:%H:%M}"
        but = f", not {', '.join(map(str, window.except_dates))}" if window.except_dates else ""
        return f"{window.answer}: {days} {times}, {window.first} to {window.last}{but}"
    return f"{window.answer}: {_moment(window.start, zone_name)} to {_moment(window.end, zone_name)}"


def _moment(instant: datetime | None, zone_name: str) -> str:
    return f"{instant.astimezone(zone(zone_name)):%a %Y-%m-%d %H:%M}" if instant is not None else "never"

"""The command line: ``teachmeet …``."""

from __future__ import annotations

import typer

from teachmeet.commands import (
    answering,
    availability,
    backup,
    contract,
    engine,
    explaining,
    export,
    exporting,
    groups,
    importing,
    mailing,
    organising,
    packs,
    pinning,
    privacy,
    programmes,
    proposing,
    running,
    running_order,
    seats,
    watching,
)

app = typer.Typer(
    name="teachmeet",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for group in (
    running.app,
    backup.app,
    importing.app,
    organising.app,
    proposing.app,
    export.app,
    watching.app,
    explaining.app,
    pinning.app,
    engine.app,
    running_order.app,
    mailing.app,
    answering.app,
):
    app.add_typer(group)
export.exports.command("data")(exporting.export_data)
app.add_typer(export.exports, name="export")
app.add_typer(contract.app, name="contract")
app.add_typer(packs.app, name="packs")
app.add_typer(availability.availability, name="availability")
app.add_typer(availability.calendars, name="calendars")
app.add_typer(privacy.person_app, name="person")
app.add_typer(privacy.people_app, name="people")
app.add_typer(privacy.erasures_app, name="erasures")
app.add_typer(programmes.app, name="programme")
app.add_typer(programmes.codes, name="codes")
app.add_typer(proposing.proposals, name="proposals")
app.add_typer(seats.app, name="seats")
app.add_typer(groups.enrolment, name="enrolment")
app.add_typer(groups.manager, name="manager")


@app.callback()
def main() -> None:
    """Schedule the sessions that a community of educators runs itself."""

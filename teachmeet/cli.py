"""The command line: ``teachmeet …``."""

from __future__ import annotations

import typer

from teachmeet.commands import (
    answering,
    engine,
    explaining,
    export,
    mailing,
    organising,
    packs,
    running,
    running_order,
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
    organising.app,
    export.app,
    watching.app,
    explaining.app,
    engine.app,
    running_order.app,
    mailing.app,
    answering.app,
):
    app.add_typer(group)
app.add_typer(packs.app, name="packs")


@app.callback()
def main() -> None:
    """Schedule the sessions that a community of educators runs itself."""

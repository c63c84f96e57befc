"""The command line: ``teachmeet …``."""

from __future__ import annotations

from typing import Annotated

import typer

from teachmeet.serving import ServiceName
from teachmeet.serving import serve as serve_service

app = typer.Typer(
    name="teachmeet",
    help="Schedule the sessions that a community of educators runs itself.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.command()
def serve(service: Annotated[ServiceName, typer.Argument(help="which service this process is")]) -> None:
    """Run one service until SIGTERM; settings come from TEACHMEET_… in the environment."""
    serve_service(service)


@app.callback()
def main() -> None:
    """Schedule the sessions that a community of educators runs itself."""

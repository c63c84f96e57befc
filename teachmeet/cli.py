"""The command line: ``teachmeet …``. What a command needs is imported when that command is called."""

from __future__ import annotations

from collections import UserDict
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

# Which module has which commands, in the order of ``teachmeet --help``.
MODULES = {
    "running": ("up", "demo", "serve", "provision"),
    "backup": ("backup", "restore"),
    "importing": ("import",),
    "organising": ("solve", "show", "release"),
    "proposing": ("propose", "proposals"),
    "export": ("changelog", "export"),
    "watching": ("events", "doctor"),
    "explaining": ("explain", "whatif", "alternatives", "explain-file"),
    "pinning": ("pin", "unpin", "pins"),
    "engine": ("solve-file",),
    "running_order": ("running-order",),
    "mailing": ("outbox", "delivery", "pause", "resume", "suppressed", "mail-again", "notices"),
    "answering": ("replies", "answer", "counter", "quarantine"),
    "programmes": ("programme", "codes"),
    "seats": ("seats",),
    "groups": ("enrolment", "manager"),
    "availability": ("availability", "calendars"),
    "privacy": ("person", "people", "erasures"),
    "packs": ("packs",),
    "contract": ("contract",),
}


class Commands(UserDict[str, Any]):
    """Every command by its name; its module is imported when it is taken out."""

    def __init__(self) -> None:
        super().__init__({name: module for module, names in MODULES.items() for name in names})

    def __getitem__(self, name: str) -> Any:
        return commands_of(self.data[name])[name]


def commands_of(module: str) -> dict[str, Any]:
    """What that module of ``teachmeet.commands`` offers."""
    return dict(get_group(import_module(f"teachmeet.commands.{module}").app).commands)


class _OnDemand(TyperGroup):
    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = Commands()

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - typer passes it; names need no context
        return list(self.commands)


app = typer.Typer(
    cls=_OnDemand,
    name="teachmeet",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def main() -> None:
    """Schedule the sessions that a community of educators runs itself."""

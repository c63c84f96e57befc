"""What reading a file yields: commands that may be sent, and problems that a person can mend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class DraftCommand:
    """One command for registrations, and the line it came from. Registrations itself judges the values."""

    file: str
    line: int
    entity: str
    verb: str
    payload: dict[str, Any]
    called: tuple[str, ...] = ()
    """names by which other rows of the import may call the person that this one registers"""

    @property
    def name(self) -> str:
        """``person.register``."""
        return f"{self.entity}.{self.verb}"


@dataclass(frozen=True)
class Problem:
    """Something that could not be read: where, what, and what would be right. Never the value itself."""

    file: str
    line: int
    field: str
    problem: str
    allowed: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.field} {self.problem}; allowed: {self.allowed}"


@dataclass(frozen=True)
class Import:
    """What one file holds. ``community`` is the id that the file itself gives, where it gives one."""

    commands: tuple[DraftCommand, ...] = ()
    problems: tuple[Problem, ...] = ()
    community: str | None = None
    notes: tuple[str, ...] = ()
    """how the file was read, for the person who sent it: encoding, columns, what was left out"""


class UnreadableFileError(Exception):
    """Nothing of the file can be used."""

    def __init__(self, field: str, problem: str, allowed: str, *, line: int = 1) -> None:
        super().__init__(f"{field} {problem}; allowed: {allowed}")
        self.field = field
        self.problem = problem
        self.allowed = allowed
        self.line = line

    def of(self, file: str) -> Problem:
        return Problem(file, self.line, self.field, self.problem, self.allowed)

"""What became of an import, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from services.registrations.imports.drafts import DraftCommand, Problem
from shared.contract.commands.checking import Effect
from shared.contract.results import FieldError


@dataclass(frozen=True)
class Answer:
    """What became of one row, or would."""

    draft: DraftCommand
    effect: Effect | None = None
    fields: tuple[str, ...] = ()
    errors: tuple[FieldError, ...] = ()

    def problems(self) -> Iterator[Problem]:
        for error in self.errors:
            yield Problem(self.draft.file, self.draft.line, error.field, error.problem, error.allowed)


@dataclass
class Report:
    """What became of an import, or would."""

    answers: list[Answer] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seq: int = 0

    @property
    def accepted(self) -> list[Answer]:
        return [each for each in self.answers if not each.errors]

    def every_problem(self) -> list[Problem]:
        return [*self.problems, *(problem for each in self.answers for problem in each.problems())]

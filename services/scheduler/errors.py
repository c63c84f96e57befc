"""What can be wrong with the scheduler's input. Every message tells a person what to do next."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ValidationError

from shared.contract.validation import field_errors


class SchedulerError(Exception):
    """Base of the scheduler's errors."""


class PackError(SchedulerError):
    """A policy pack does not say what it should; the message names file, key and line."""


class UnknownPackError(SchedulerError):
    """No policy pack has that id."""


class UnknownNationError(SchedulerError):
    """Nobody here knows the bank holidays of that nation."""


class UnknownProgrammeError(SchedulerError):
    """There is no such programme in the planning view."""


class ProblemError(SchedulerError):
    """A problem does not follow the documented form; the message names the fields."""


def complaints(model: type[BaseModel], error: ValidationError) -> Iterator[str]:
    """Each error of a validation as ``field: what is wrong; what is allowed``.

    Errors about the whole (``ValueError`` of a model's validator) name their field themselves.
    """
    for told, found in zip(field_errors(model, error), error.errors(), strict=False):
        yield f"{told.field}: {told.problem}; allowed: {told.allowed}" if found["loc"] else told.problem

"""Forms as pages post them: their fields as text, and what is wrong with them, field by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import parse_qs

from fastapi import Request
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from shared.contract.message import Command
from shared.contract.results import FieldError, Rejection, RejectionCode
from shared.contract.validation import field_errors

C = TypeVar("C", bound=Command)

_LONGEST = 64 * 1024
_MOST_FIELDS = 500


@dataclass(frozen=True)
class Form:
    """A posted form. A field that was left empty, or is not there, is an empty text."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def line(self, name: str) -> str:
        """One line: runs of white space are one space."""
        return " ".join(self._first(name).split())

    def prose(self, name: str) -> str:
        """A text of several lines; browsers send line breaks as carriage return and line feed."""
        return self._first(name).replace("\r\n", "\n").replace("\r", "\n").strip()

    def lines(self, name: str) -> tuple[str, ...]:
        """The lines of a text that are not empty."""
        return tuple(filter(None, (" ".join(each.split()) for each in self.prose(name).split("\n"))))

    def words(self, name: str) -> tuple[str, ...]:
        """What stands between commas, semicolons or spaces, in lower case: tags."""
        return tuple(self._first(name).lower().replace(",", " ").replace(";", " ").split())

    def all(self, name: str) -> tuple[str, ...]:
        """What was chosen of several boxes of that name."""
        return self.fields.get(name, ())

    def has(self, name: str) -> bool:
        """Whether a box was ticked."""
        return bool(self._first(name))

    def whole_number(self, name: str) -> int | str | None:
        """A number; what is none stays as it is, for whoever judges it; None where nothing was filled in."""
        text = self.line(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text or None

    def _first(self, name: str) -> str:
        return next(iter(self.fields.get(name, ())), "")


@dataclass(frozen=True)
class Problems:
    """What is wrong with a form: sentences by field, and those that are about no field of it."""

    fields: Mapping[str, str] = field(default_factory=dict)
    others: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.fields or self.others)

    @classmethod
    def of(cls, errors: Iterable[FieldError], shown: Mapping[str, str]) -> Problems:
        """``shown`` names the form's field for each field of the command, where they have one."""
        fields: dict[str, str] = {}
        others: list[str] = []
        for each in errors:
            name = shown.get(each.field.split(".")[0])
            if name is None:
                others.append(f"{each.field} {each.problem}. Allowed: {each.allowed}.")
            else:
                fields.setdefault(name, f"It {each.problem}. Allowed: {each.allowed}.")
        return cls(fields, tuple(others))


async def posted(request: Request) -> Form:
    """The form in a request. Raises HTTPException for one that is too large to be one of ours."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise HTTPException(HTTPStatus.BAD_REQUEST) from None
    return Form({name: tuple(values) for name, values in fields.items()})


def command_of(model: type[C], fields: Mapping[str, Any]) -> C:
    """The command with those fields, without those that are None or empty. Raises Rejection that names wrong ones."""
    given = {name: value for name, value in fields.items() if value not in (None, "")}
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise Rejection(RejectionCode.INVALID, *field_errors(model, error)) from None

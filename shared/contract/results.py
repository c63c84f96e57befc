"""How a command is answered: accepted, or rejected with what to do about it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar, Literal

from pydantic import Field

from shared.contract.message import Reply
from shared.contract.values import Value


class FieldError(Value):
    """One thing that is wrong: where, what, and what would be right. Never the refused value."""

    field: str
    problem: str
    allowed: str


class RejectionCode(StrEnum):
    INVALID = "invalid"
    NOT_ALLOWED = "not_allowed"
    UNKNOWN = "unknown"
    CONFLICT = "conflict"
    STORAGE_FULL = "storage_full"
    BUSY = "busy"


class Accepted(Reply):
    """The command took effect, now or (a repeat) before."""

    status: Literal["accepted"] = "accepted"
    id: str = Field(description="the entity that the command changed")
    seq: int = Field(ge=0, description="sequence of its last fact")
    repeated: bool = Field(default=False, description="this command had been applied before")

    example: ClassVar[dict[str, Any]] = {"status": "accepted", "id": "p-001", "seq": 17}


class Rejected(Reply):
    """The command took no effect. Every error names a field and what is allowed."""

    status: Literal["rejected"] = "rejected"
    code: RejectionCode
    errors: tuple[FieldError, ...]

    example: ClassVar[dict[str, Any]] = {
        "status": "rejected",
        "code": "invalid",
        "errors": [{"field": "minutes", "problem": "is not a whole number", "allowed": "1 to 1440 minutes"}],
    }


class Rejection(Exception):  # noqa: N818 - an answer, not a failure
    """Raised by a decision that refuses its command."""

    def __init__(self, code: RejectionCode, *errors: FieldError) -> None:
        super().__init__("; ".join(f"{error.field} {error.problem}" for error in errors))
        self.code = code
        self.errors = errors

    @classmethod
    def of(cls, code: RejectionCode, field: str, problem: str, allowed: str) -> Rejection:
        return cls(code, FieldError(field=field, problem=problem, allowed=allowed))

    def reply(self) -> Rejected:
        return Rejected(code=self.code, errors=self.errors)

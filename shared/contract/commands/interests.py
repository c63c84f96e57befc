"""Interests in bulk: who wants to come to what, many at once."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from shared.contract.commands.registrations import RowResult
from shared.contract.externals import ByExternalId
from shared.contract.message import Command, Reply
from shared.contract.values import Id, InterestLevel, Value


class InterestRow(ByExternalId, Value):
    """What one person says of one proposal."""

    person: Id
    session: Id = Field(description="the proposal's id")
    level: InterestLevel


class ImportInterests(Command):
    """Say of many people what they want to come to. Rows stand alone: a bad one costs no other."""

    interests: tuple[dict[str, Any], ...] = Field(
        min_length=1, max_length=1000, description="rows of the form InterestRow; each is checked on its own"
    )

    example: ClassVar[dict[str, Any]] = {
        "interests": [{"person": "p-002", "session": "retrieval-practice", "level": "coming"}]
    }


class InterestsImported(Reply):
    """The outcome of an import of interests, row by row."""

    status: str = Field(default="accepted", pattern=r"^accepted$")
    seq: int = Field(ge=0)
    rows: tuple[RowResult, ...]

    example: ClassVar[dict[str, Any]] = {
        "status": "accepted",
        "seq": 18,
        "rows": [{"row": 0, "person": "p-002", "status": "accepted"}],
    }

"""What a release would bring, asked before it is published."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from shared.contract.commands.scheduler import PAGE, PAGES
from shared.contract.facts.registrations import Seating
from shared.contract.facts.scheduler import Release
from shared.contract.message import Command, Reply


class AskHypotheticalSeatings(Command):
    """Ask who would get which seat, were this published now. Nothing is written."""

    release: Release = Field(description="the release as it would be")
    page: int = PAGE

    example: ClassVar[dict[str, Any]] = {"release": Release.example}


class HypotheticalSeatings(Reply):
    """The seatings as they would be, in order of session, also the empty ones of sessions that would leave."""

    seatings: tuple[Seating, ...] = ()
    input_seq: int = Field(ge=0, description="what registrations knew; pages with different numbers do not go together")
    page: int = PAGE
    pages: int = PAGES

    example: ClassVar[dict[str, Any]] = {"seatings": [Seating.example], "input_seq": 412}

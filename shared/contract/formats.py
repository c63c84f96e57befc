"""The formats that a programme offers."""

from __future__ import annotations

from pydantic import Field

from shared.contract.values import Line, Minutes, Tag, Value


class OfferedFormat(Value):
    """A format of sessions, and how long one is."""

    format: Tag = Field(description="of a-z, 0-9 and '-': nano, micro, soapbox, workshop, light-lunch, ...")
    minutes: Minutes
    title: Line | None = Field(default=None, description="as people read it; none: its name")

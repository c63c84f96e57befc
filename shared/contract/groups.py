"""Groups of people: by sector, school, department, discipline, or a name of the community's own."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from pydantic import Field, model_validator

from shared.contract.values import Line, Tag, Value


class Sector(StrEnum):
    """What kind of place somebody works at."""

    EARLY_YEARS = "early-years"
    PRIMARY = "primary"
    SECONDARY = "secondary"
    SPECIAL = "special"
    UNIVERSITY = "university"


class Affiliated(Protocol):
    """What is known of where and how somebody works."""

    @property
    def school(self) -> str: ...
    @property
    def department(self) -> str | None: ...
    @property
    def sector(self) -> Sector | None: ...
    @property
    def tags(self) -> tuple[str, ...]: ...
    @property
    def groups(self) -> tuple[str, ...]: ...


class Group(Value):
    """Everybody to whom all that is given applies; at least one thing is given."""

    sector: Sector | None = None
    school: Line | None = None
    department: Line | None = None
    tag: Tag | None = Field(default=None, description="a discipline, such as maths")
    group: Tag | None = Field(default=None, description="a group of the community's own, such as new-teachers")

    @model_validator(mode="after")
    def _says_something(self) -> Group:
        if not any((self.sector, self.school, self.department, self.tag, self.group)):
            raise ValueError("one of sector, school, department, tag and group must be given")
        return self

    def has(self, person: Affiliated) -> bool:
        """Whether somebody who works there belongs to the group. Names are compared without regard to case."""
        return (
            self.sector in {None, person.sector}
            and _same(self.school, person.school)
            and _same(self.department, person.department)
            and (self.tag is None or self.tag in person.tags)
            and (self.group is None or self.group in person.groups)
        )

    def words(self) -> str:
        """The group as a reader is told of it."""
        parts = [
            f"sector {self.sector.value}" if self.sector else "",
            self.school or "",
            self.department or "",
            f"tag {self.tag}" if self.tag else "",
            f"group {self.group}" if self.group else "",
        ]
        return ", ".join(part for part in parts if part)


def _same(wanted: str | None, stated: str | None) -> bool:
    return wanted is None or (stated is not None and wanted.casefold() == stated.casefold())

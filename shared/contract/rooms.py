"""What rooms state of themselves: when they are open, and where people join online."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from shared.contract.values import Value, Weekday
from shared.time.intervals import Interval, days, local_interval
from shared.time.zones import zone

JOIN_PLACEHOLDERS = ("session", "proposal", "programme", "room", "token")
_LONGEST_LINK = 2000
_HOST = r"[a-z0-9-]+(\.[a-z0-9-]+)+(:[0-9]{1,5})?"
_URL = re.compile(rf"https://{_HOST}(/[^\s<>\"\\]*)?", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_JITSI = re.compile(rf"jitsi(:(?P<host>{_HOST}))?", re.IGNORECASE)
_TEAMS = re.compile(
    r"teams:(?P<url>https://teams\.(microsoft|live)\.com/(l/meetup-join|meet)/[^\s<>\"\\{}]+)", re.IGNORECASE
)
_BIGBLUEBUTTON = re.compile(rf"bigbluebutton:(?P<host>{_HOST})/(?P<room>[A-Za-z0-9-]{{3,64}})", re.IGNORECASE)
_ALLOWED = (
    "jitsi or jitsi:HOST, teams:LINK OF THE MEETING, bigbluebutton:HOST/ROOM, or an https address that may hold "
    + ", ".join(f"{{{name}}}" for name in JOIN_PLACEHOLDERS)
)


class OpenHours(Value):
    """On which weekdays a room is open, from when to when by its local clock."""

    weekdays: tuple[Weekday, ...] = Field(min_length=1, max_length=7)
    start: time = Field(description="local time; 00:00 to 00:00 is the whole day")
    end: time = Field(description="local time; not after start means the next day")

    @model_validator(mode="after")
    def _local(self) -> OpenHours:
        if self.start.tzinfo or self.end.tzinfo:
            raise ValueError("start and end are local times without an offset; the room's zone is its own field")
        return self

    def intervals(self, first: date, last: date, zone_name: str) -> Iterator[Interval]:
        """When it is open from ``first`` to ``last``, one interval for each of these weekdays."""
        local = zone(zone_name)
        for day in days(first, last):
            if Weekday.of(day) in self.weekdays:
                yield local_interval(day, self.start, self.end, local)


def expanded(template: str) -> str:
    """The address behind a join-link template, its placeholders still in it. Raises ValueError."""
    if found := _JITSI.fullmatch(template):
        return f"https://{found['host'] or 'meet.jit.si'}/{{programme}}-{{session}}-{{token}}"
    if found := _TEAMS.fullmatch(template):
        return found["url"]
    if found := _BIGBLUEBUTTON.fullmatch(template):
        return f"https://{found['host']}/rooms/{found['room']}/join"
    if not _URL.fullmatch(template):
        raise ValueError(f"is no join link; allowed: {_ALLOWED}")
    unknown = [name for name in _PLACEHOLDER.findall(template) if name not in JOIN_PLACEHOLDERS]
    if unknown or "{" in _PLACEHOLDER.sub("", template) or "}" in _PLACEHOLDER.sub("", template):
        raise ValueError(f"holds a placeholder that is not known; allowed: {_ALLOWED}")
    if "{" in template.split("/", 3)[2]:
        raise ValueError("has a placeholder in its host name; placeholders stand behind the host")
    return template


def _join_template(template: str) -> str:
    expanded(template)
    return template


JoinTemplate = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=_LONGEST_LINK),
    AfterValidator(_join_template),
    Field(description=f"where each session in this room is joined: {_ALLOWED}"),
]

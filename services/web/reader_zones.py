"""The zones that a reader can choose from, and what they chose."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import groupby

from services.web.times import zone_title
from shared.time.zones import known_zones


@dataclass(frozen=True)
class ZoneOption:
    name: str
    title: str


@dataclass(frozen=True)
class ZoneGroup:
    """The zones of one region; a zone is titled by its city."""

    region: str
    options: tuple[ZoneOption, ...]


@dataclass(frozen=True)
class ZoneChoice:
    """What the reader asked for: a zone that we know, or why it is none."""

    zone: str | None = None
    problem: str | None = None

    @property
    def extra(self) -> ZoneOption | None:
        """The chosen zone, when it is known but not among those offered (an older name, for example)."""
        if self.zone is None or any(self.zone == each.name for group in offered_zones() for each in group.options):
            return None
        return ZoneOption(self.zone, zone_title(self.zone))


def zone_choice(asked: str | None) -> ZoneChoice:
    """Read the ``zone`` of a query; nothing asked for is a choice, too."""
    if not asked:
        return ZoneChoice()
    if asked not in known_zones():
        return ZoneChoice(problem="zone is not a time zone known here; choose one from the list")
    return ZoneChoice(asked)


@cache
def offered_zones() -> tuple[ZoneGroup, ...]:
    """One zone for each set of rules in each country, by region (tzdata's zone.tab), and UTC."""
    names = sorted(_tabulated() & known_zones())
    regions = groupby(names, key=lambda name: name.partition("/")[0])
    groups = [ZoneGroup(region, tuple(ZoneOption(name, _city(name)) for name in names)) for region, names in regions]
    return (*groups, ZoneGroup("World", (ZoneOption("UTC", "UTC"),)))


def _tabulated() -> set[str]:
    table = resources.files("tzdata").joinpath("zoneinfo/zone.tab").read_text(encoding="utf-8")
    return {line.split("\t")[2] for line in table.splitlines() if line and not line.startswith("#")}


def _city(name: str) -> str:
    return zone_title(", ".join(reversed(name.split("/")[1:])))

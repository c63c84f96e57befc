"""Templates of programmes: the files in ``templates``, and a programme made from one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from functools import cache
from importlib import resources

from pydantic import Field
from ruamel.yaml import YAML

from shared.contract.commands.calls import CreateProgramme, TemplateShown
from shared.contract.commands.registrations import AnnounceProgramme
from shared.contract.details import Call
from shared.contract.facts.seats import SeatPolicy
from shared.contract.formats import OfferedFormat
from shared.contract.values import Id, Line, Prose, Value, Weekday
from shared.time.intervals import local_instant
from shared.time.zones import zone


class RelativeCall(Value):
    """When a call opens and closes, in days before the first day, by the programme's local time."""

    opens_days_before: int = Field(ge=0, le=400)
    closes_days_before: int = Field(ge=0, le=400)
    at: time = time(9)

    def call(self, first_day: date, zone_name: str) -> Call:
        local = zone(zone_name)
        opens = local_instant(first_day - timedelta(days=self.opens_days_before), self.at, local)
        closes = local_instant(first_day - timedelta(days=self.closes_days_before), self.at, local)
        return Call(opens=opens, closes=closes)


class ProgrammeTemplate(Value):
    """What programmes of one kind have in common."""

    template: Id
    title: Line
    description: Prose
    days: int = Field(ge=1, le=400, description="from the first day to the last")
    weekdays: tuple[Weekday, ...] = Field(default=(), description="on which the first day may be; none named: any")
    policy_pack: Id
    policy_layers: tuple[Id, ...] = ()
    grid_minutes: int = Field(ge=5, le=60)
    formats: tuple[OfferedFormat, ...] = Field(min_length=1)
    call: RelativeCall
    seats: SeatPolicy = SeatPolicy()

    def programme(self, wanted: CreateProgramme, zone_name: str) -> AnnounceProgramme:
        """The programme of this template; what ``wanted`` states goes before what the template has."""
        own = {
            "zone": zone_name,
            "last_day": wanted.first_day + timedelta(days=self.days - 1),
            "policy_pack": self.policy_pack,
            "policy_layers": self.policy_layers,
            "grid_minutes": self.grid_minutes,
            "formats": self.formats,
            "call": self.call.call(wanted.first_day, zone_name),
            "seats": self.seats,
        }
        stated = {name: value for name, value in dict(wanted).items() if value is not None}
        return AnnounceProgramme.model_validate(own | stated)

    def shown(self) -> TemplateShown:
        return TemplateShown(**{name: getattr(self, name) for name in TemplateShown.model_fields})


@cache
def shipped_templates() -> Mapping[str, ProgrammeTemplate]:
    """The templates that come with the service, by id."""
    folder = resources.files("services.registrations") / "templates"
    files = sorted((each for each in folder.iterdir() if each.name.endswith(".yaml")), key=lambda each: each.name)
    read = (YAML(typ="safe", pure=True).load(each.read_text(encoding="utf-8")) for each in files)
    found = [ProgrammeTemplate.model_validate(each) for each in read]
    return {each.template: each for each in found}

"""Which format is written by what, and called what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from services.scheduler.exports.calendar_feed import calendar_feed
from services.scheduler.exports.csv_sheet import csv_sheet
from services.scheduler.exports.edition import Edition
from services.scheduler.exports.json_document import json_document
from services.scheduler.exports.schedule_json import schedule_json
from services.scheduler.exports.schedule_xml import schedule_xml
from shared.contract.commands.scheduler import ExportFormat


@dataclass(frozen=True)
class Form:
    """A media type, and how an edition becomes text of that type."""

    media_type: str
    write: Callable[[Edition], str]


FORMS: dict[ExportFormat, Form] = {
    ExportFormat.XML: Form("application/vnd.c3voc.schedule+xml", schedule_xml),
    ExportFormat.SCHEDULE_JSON: Form("application/vnd.c3voc.schedule+json", schedule_json),
    ExportFormat.ICALENDAR: Form("text/calendar; charset=utf-8; method=PUBLISH", calendar_feed),
    ExportFormat.CSV: Form("text/csv; charset=utf-8; header=present", csv_sheet),
    ExportFormat.JSON: Form("application/json", json_document),
}


@lru_cache(maxsize=4)
def written(format: ExportFormat, edition: Edition) -> str:
    """The edition in that format. The last few are kept, for whoever asks for one page after the other."""
    return FORMS[format].write(edition)

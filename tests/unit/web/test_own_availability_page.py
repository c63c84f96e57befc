"""What the page about somebody's time lists."""

from __future__ import annotations

from datetime import UTC, datetime

from services.web.own_availability import availability_page
from shared.contract.commands.calendars import AvailabilityShown

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def test_a_connected_calendar_is_listed_once_and_other_sources_beside_it() -> None:
    calendar = {"source": "work", "kind": "ics", "next_reading": "2026-12-01T10:00:00Z"}
    sources = [{"source": "self"}, {"source": "calendar-work"}, {"source": "timetables"}]
    shown = AvailabilityShown.model_validate(
        {"person": "p-001", "zone": "Europe/London", "sources": sources, "calendars": [calendar]}
    )
    page = availability_page("Northgate", shown, NOW)
    assert page.others == ("timetables: 0 times",)
    assert [each.source for each in page.calendars] == ["work"]

"""Times in words: both clocks of a change, other days, zones without a name."""

from __future__ import annotations

from datetime import date

import pytest
from web_samples import between

from services.web.times import same_clocks, written_time

LONDON, DUBAI = "Europe/London", "Asia/Dubai"


def words(start: str, end: str, zone: str, heading: date) -> str:
    written = written_time(between(start, end), zone, heading)
    return " ".join(filter(None, (written.day, written.start, "to", written.end, written.clock)))


@pytest.mark.parametrize(
    ("start", "end", "zone", "expected"),
    [
        ("2027-01-12T15:30", "2027-01-12T16:30", LONDON, "15:30 to 16:30 GMT"),
        ("2027-04-13T14:30", "2027-04-13T15:30", LONDON, "15:30 to 16:30 BST"),
        ("2027-01-12T15:30", "2027-01-12T16:30", DUBAI, "19:30 to 20:30 UTC+4"),
        ("2027-01-12T15:30", "2027-01-12T16:30", "Asia/Kathmandu", "21:15 to 22:15 UTC+5:45"),
        ("2027-01-12T15:30", "2027-01-12T16:30", "America/Sao_Paulo", "12:30 to 13:30 UTC-3"),
        ("2027-01-12T23:30", "2027-01-13T00:15", LONDON, "23:30 to 00:15 on Wed 13 January GMT"),
    ],
)
def test_times_are_by_the_clocks_of_the_zone(start: str, end: str, zone: str, expected: str) -> None:
    assert words(start, end, zone, date.fromisoformat(start[:10])) == expected


def test_a_time_over_a_clock_change_names_both_clocks() -> None:
    assert words("2027-10-31T00:30", "2027-10-31T01:15", LONDON, date(2027, 10, 31)) == "01:30 BST to 01:15 GMT"


def test_a_day_other_than_the_heading_is_written_out() -> None:
    assert words("2027-01-12T22:00", "2027-01-12T23:00", DUBAI, date(2027, 1, 12)).startswith("Wed 13 January 02:00")


def test_machines_get_the_instant() -> None:
    written = written_time(between("2027-04-13T14:30", "2027-04-13T15:30"), DUBAI, date(2027, 4, 13))
    assert (written.start_instant, written.end_instant) == ("2027-04-13T14:30:00Z", "2027-04-13T15:30:00Z")


def test_zones_have_the_same_clocks_for_part_of_the_year() -> None:
    assert same_clocks(between("2027-01-12T15:30", "2027-01-12T16:30"), LONDON, "Africa/Abidjan")
    assert not same_clocks(between("2027-04-13T14:30", "2027-04-13T15:30"), LONDON, "Africa/Abidjan")

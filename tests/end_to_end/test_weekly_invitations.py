"""A weekly series from its proposal to calendars: one invitation over a half-term, and one date that is called off."""

from __future__ import annotations

import csv
import email
import email.policy
import json
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from icalendar import Calendar, Event
from organised import organised, said
from system_on_a_folder import Up, wait_until

from shared.time.zones import zone

LONDON = zone("Europe/London")
BEN = "ben@lakeside.example"
WEEK = timedelta(weeks=1)
HALF_TERM = date(2027, 2, 15), date(2027, 2, 19)
SPRING = {
    "programme": "spring",
    "title": "Spring",
    "zone": "Europe/London",
    "first_day": "2027-02-01",
    "last_day": "2027-03-26",
    "closures": json.dumps([{"first": str(HALF_TERM[0]), "last": str(HALF_TERM[1]), "reason": "half-term"}]),
}


def placed(up: Up) -> dict[str, datetime]:
    """When each session is by the draft."""
    draft = json.loads(said(up, "show", "spring", "--json"))["plan"]["draft"]
    return {each["session"]: datetime.fromisoformat(each["start"]).astimezone(LONDON) for each in draft["placements"]}


def events_to(up: Up, address: str, method: str) -> list[Event]:
    """What the mails of that method to somebody tell."""
    found = []
    for file in sorted((up.folder / "mail").glob("*.eml")):
        mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        for part in mail.walk():
            is_meant = mail["To"].addresses[0].addr_spec == address and part.get_param("method") == method
            if is_meant and part.get_content_type() == "text/calendar":
                found += Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")
    return found


@pytest.mark.timeout(600)
def test_a_series_is_one_invitation_and_a_date_of_it_is_called_off_alone(tmp_path: Path) -> None:
    with organised(tmp_path) as up:
        with (tmp_path / "programmes.csv").open("w", newline="") as table:
            csv.writer(table).writerows([SPRING.keys(), SPRING.values()])
        said(up, "import", str(tmp_path / "programmes.csv"))
        series = ("--parts", "4", "--weekly", "--minutes", "30", "--accept", "--json")
        knots = json.loads(said(up, "propose", "spring", "Knots", "--presenter", "p-001", *series))["proposal"]
        (tmp_path / "interests.csv").write_text(f"person,session,level\np-002,{knots},coming\n")
        said(up, "import", str(tmp_path / "interests.csv"))

        said(up, "solve", "spring", "--seconds", "2")
        parts = [f"{knots}-part-{number}" for number in range(1, 5)]
        starts = [placed(up)[part] for part in parts]
        apart = [(later.date() - sooner.date()).days for sooner, later in pairwise(starts)]
        assert apart == [14 if HALF_TERM[0] <= each.date() + WEEK <= HALF_TERM[1] else 7 for each in starts[:-1]]
        said(up, "release", "spring")
        wait_until(lambda: events_to(up, BEN, "REQUEST") != [])
        [invitation] = events_to(up, BEN, "REQUEST")
        assert invitation["RRULE"]["FREQ"] == ["WEEKLY"]
        assert invitation["DTSTART"].dt == starts[0]

        said(up, "proposals", "call-off", knots, parts[1])
        said(up, "solve", "spring", "--few-moves", "--seconds", "2")
        said(up, "release", "spring")
        wait_until(lambda: events_to(up, BEN, "CANCEL") != [])
        [cancelled] = events_to(up, BEN, "CANCEL")
        assert (cancelled["RECURRENCE-ID"].dt, str(cancelled["STATUS"])) == (starts[1], "CANCELLED")
        assert len(events_to(up, BEN, "REQUEST")) == 1

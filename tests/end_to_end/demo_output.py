"""What a run of the demo left, read as a newcomer's programs would read it."""

from __future__ import annotations

import email
import email.policy
import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar

from shared.contract.facts.scheduler import Placement, Release

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Invitation:
    """One mail with its calendar part."""

    session: str
    person: str
    method: str
    sequence: int
    start: datetime
    arrived: int
    """Place among all mails, from 1."""


@dataclass(frozen=True)
class DemoOutput:
    """The folder, and how the run ended."""

    folder: Path
    code: int
    printed: str

    def release(self, number: int) -> Release:
        return Release.model_validate_json((self.folder / f"release-{number}.json").read_bytes())

    def places(self, number: int) -> dict[str, Placement]:
        return {each.session: each for each in self.release(number).placements}

    @cached_property
    def report(self) -> str:
        return (self.folder / "report.txt").read_text()

    @cached_property
    def words(self) -> str:
        """The report as one line, so that a sentence is found wherever it was broken."""
        return " ".join(self.report.split())

    @cached_property
    def facts(self) -> dict[str, Any]:
        """The last fact of every entity, by subject."""
        lines = (self.folder / "facts.jsonl").read_text().splitlines()
        return {fact["subject"]: fact["fact"] for fact in map(json.loads, lines)}

    def facts_of(self, entity: str) -> list[Any]:
        return [fact for subject, fact in self.facts.items() if f".evt.{entity}." in subject]

    @cached_property
    def invitations(self) -> list[Invitation]:
        """Every mail, in the order of arrival."""
        people = {fact["address"]: fact["person"] for fact in self.facts_of("contact")}
        return [_invitation(file, people) for file in sorted((self.folder / "mail").glob("*.eml"))]

    def held_after(self, arrived: int) -> dict[tuple[str, str], Invitation]:
        """By person and session, what calendars hold after so many mails."""
        held: dict[tuple[str, str], Invitation] = {}
        for each in self.invitations[:arrived]:
            if each.method == "CANCEL":
                del held[each.person, each.session]
            else:
                held[each.person, each.session] = each
        return held


def _invitation(file: Path, people: dict[str, str]) -> Invitation:
    mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    (part,) = (part for part in mail.walk() if part.get_content_type() == "text/calendar")
    calendar = Calendar.from_ical(part.get_content())
    (event,) = calendar.walk("VEVENT")
    (recipient,) = mail["To"].addresses
    return Invitation(
        session=str(event["UID"]).split("@")[0],
        person=people[recipient.addr_spec],
        method=str(calendar["METHOD"]),
        sequence=int(event["SEQUENCE"]),
        start=event["DTSTART"].dt,
        arrived=int(file.name.split("-")[0]),
    )

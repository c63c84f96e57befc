"""Which field a heading means: the field's own name, what people usually call it, or what was stated."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

# Headings as spreadsheets, pretalx and Sessionize write them, in lower case with single blanks.
_USUAL: dict[str, tuple[str, ...]] = {
    "person": ("id", "person id", "user id", "staff id", "speaker id", "speaker ids", "member id", "participant id"),
    "name": ("full name", "display name", "participant", "speaker", "speaker name", "teacher", "staff name", "member"),
    "first_name": ("first name", "firstname", "given name", "forename", "vorname"),
    "last_name": ("last name", "lastname", "surname", "family name", "nachname"),
    "address": ("e mail", "email", "mail", "email address", "e mail address", "emailaddress", "speaker email"),
    "school": ("organisation", "organization", "institution", "employer", "company", "workplace", "school name", "org"),
    "department": ("dept", "faculty", "team", "subject area"),
    "pattern": ("working pattern", "work pattern"),
    "sector": ("phase", "school phase", "sector name"),
    "groups": ("group", "teams"),
    "tags": ("tag", "discipline", "disciplines", "subjects", "keywords", "track"),
    "zone": ("time zone", "timezone", "tz"),
    "language": ("locale", "lang"),
    "name_public": ("public", "show name", "name public", "publish name"),
    "proposal": ("id", "proposal id", "session id", "submission id", "talk id", "code"),
    "programme": ("program", "event", "programme id"),
    "title": ("proposal title", "session title", "talk title", "session name"),
    "abstract": ("description", "summary", "proposal abstract", "session description"),
    "format": ("session type", "session format", "type", "submission type", "talk type"),
    "minutes": ("duration", "length", "duration minutes", "length minutes", "duration in minutes"),
    "presenters": ("presenter", "speakers", "speaker names", "presented by", "facilitator", "facilitators", "hosts"),
    "status": ("state", "proposal state", "session state", "submission state"),
    "audience": ("target audience", "for whom"),
    "kit": ("kit list", "bring", "equipment to bring"),
    "needs": ("requirements", "room needs", "equipment needed"),
    "seats": ("expected attendees", "expected audience"),
    "recording": ("recording consent", "may be recorded"),
    "room": ("id", "room id"),
    "site": ("building", "campus", "location", "venue"),
    "capacity": ("max capacity", "places"),
    "online_capacity": ("online places", "online seats"),
    "features": ("facilities", "equipment"),
    "join_url": ("join link", "meeting link", "online link"),
    "session": ("proposal", "talk", "proposal id", "session id"),
    "level": ("interest", "answer", "response", "coming"),
    "answer": ("available", "availability", "status"),
    "weekdays": ("weekday", "day", "days"),
    "start": ("from", "begins", "start time", "starts"),
    "end": ("to", "until", "ends", "end time", "finish"),
    "first": ("first day", "first date", "from date"),
    "last": ("last day", "last date", "until date", "to date"),
    "except_dates": ("except", "exceptions"),
}
_NO_WORD = re.compile(r"[^\w]+|_+")


def plain(heading: str) -> str:
    """A heading in lower case, with single blanks for whatever stands between its words."""
    return _NO_WORD.sub(" ", heading.casefold()).strip()


def fields_of(
    headings: Sequence[str], known: Sequence[str], stated: Mapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    """Heading to field for those that mean one of the ``known`` fields, and the headings that mean none.

    What is stated counts before a field's own name, and that before what a heading usually means. A field has one
    heading; further ones mean none.
    """
    wanted = {plain(heading): field for heading, field in stated.items()}
    found: dict[str, str] = {}
    by_name = {plain(field): field for field in known}
    by_habit = {words: field for field in known for words in _USUAL.get(field, ())}
    for means in (wanted, by_name, by_habit):
        for heading in headings:
            field = means.get(plain(heading))
            if field is None or heading in found or (field and field in found.values()):
                continue
            found[heading] = field
    used = {heading: field for heading, field in found.items() if field}
    return used, [heading for heading in headings if heading not in found]

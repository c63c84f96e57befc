"""JSON: a release in this project's own form, ``teachmeet-programme`` version 1, as docs/exports.md describes it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from services.scheduler.exports.edition import Edition, EditionSession, Venue

FORM = "teachmeet-programme"
VERSION = 1


def json_document(edition: Edition) -> str:
    """The edition as JSON. Equal editions give equal text. Within a version, fields are added and never changed."""
    document = {
        "form": FORM,
        "version": VERSION,
        "community": {"name": edition.host.name, "domain": edition.host.domain},
        "programme": {"id": edition.programme, "title": edition.title, "zone": edition.zone, "url": edition.url},
        "release": {
            "number": edition.number,
            "published_at": _instant(edition.published_at) if edition.published_at is not None else None,
            "note": edition.note,
        },
        "rooms": [_room(each) for each in edition.venues],
        "sessions": [_session(edition, each) for each in edition.sessions],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _room(venue: Venue) -> dict[str, Any]:
    return {"id": venue.id, "name": venue.name, "site": venue.site, "capacity": venue.capacity}


def _session(edition: Edition, session: EditionSession) -> dict[str, Any]:
    part = {"number": session.part[0], "of": session.part[1]} if session.part is not None else None
    return {
        "id": session.id,
        "proposal": session.proposal,
        "title": session.title,
        "part": part,
        "format": session.format,
        "abstract": session.abstract,
        "start": _instant(session.start),
        "local_start": session.start.astimezone(edition.local).isoformat(),
        "minutes": session.minutes,
        "room": session.venue.id,
        "presenters": [each.name for each in session.presenters],
        "url": edition.link(session),
    }


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")

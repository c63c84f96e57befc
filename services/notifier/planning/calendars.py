"""A person's calendar as one file: what the invitations that were sent make their calendar hold."""

from __future__ import annotations

from collections.abc import Iterable

from icalendar import Event

from services.notifier.content.calendar_object import Revision, events, vcalendar
from services.notifier.planning.correspondence import Correspondence
from shared.contract.facts.notifier import Invite
from shared.contract.facts.registrations import Community


def calendar_file(correspondences: Iterable[Correspondence], community: Community) -> bytes:
    """The .ics file (METHOD:PUBLISH, without attendees) of one person. Equal state gives equal bytes."""
    held = [(each.holding, each) for each in correspondences if each.holding is not None]
    held.sort(key=lambda pair: (pair[0].entry.start, pair[0].session))
    found = [event for invite, each in held for event in _confirmed(invite, each, community)]
    return vcalendar("PUBLISH", found, [invite.entry for invite, _ in held], name=community.name)


def _confirmed(invite: Invite, correspondence: Correspondence, community: Community) -> list[Event]:
    revision = Revision(invite.sequence, invite.claimed_at, correspondence.created)
    return events(invite.session, invite.entry, revision, community, status="CONFIRMED")

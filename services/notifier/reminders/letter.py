"""What a reminder says: when, where and how to join, and how to give the seat back."""

from __future__ import annotations

from dataclasses import dataclass

from services.notifier.content.languages import language_of
from services.notifier.content.letter import Letter
from services.notifier.content.printable import line, shortened
from services.notifier.content.when import clock_time, short_day, when, when_for
from shared.contract.facts.notifier import CalendarEntry
from shared.contract.facts.registrations import Community, Contact

_SUBJECT_TITLE = 120


@dataclass(frozen=True)
class ReminderLinks:
    """Where a reminder leads, but for the session itself."""

    page: str
    release_seat: str
    unsubscribe: str


def reminder_letter(entry: CalendarEntry, community: Community, recipient: Contact, links: ReminderLinks) -> Letter:
    """The words of a reminder of that entry, in its reader's language."""
    language = language_of(recipient, community)
    facts = {
        "language": language.tag,
        "name": line(recipient.name),
        "title": line(entry.title),
        "when": when(entry, entry.zone, language),
        "when_for_you": when_for(entry, recipient.zone, language),
        "where": line(entry.location),
        "join_url": line(entry.join_url) if entry.join_url else None,
        "page_url": line(links.page),
        "release_url": line(links.release_seat),
        "unsubscribe_url": line(links.unsubscribe),
        "organiser": line(community.organiser),
        "community": line(community.name),
    }
    subject = language.say(
        "Reminder: %(title)s, %(day)s, %(time)s",
        title=shortened(entry.title, _SUBJECT_TITLE),
        day=short_day(entry.start, recipient.zone, language),
        time=clock_time(entry.start, recipient.zone, language),
    )
    text, html = (language.templates.get_template(f"reminder.{form}.j2").render(facts) for form in ("txt", "html"))
    return Letter(subject, text, html, language.tag)

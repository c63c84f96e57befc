"""What a mail says to a person: what, when by the session's clock and by theirs, where, what changed and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from services.notifier.content.about import about
from services.notifier.content.languages import Language, language_of
from services.notifier.content.occasions import ANSWER_STANDS, ANSWER_WORDS, OTHER_DATES_STAY, Occasion
from services.notifier.content.printable import line, shortened
from services.notifier.content.when import clock_time, short_day, when, when_for
from services.notifier.planning.messages_due import MessageDue
from services.notifier.planning.series import alone
from shared.contract.facts.notifier import CalendarEntry, Method
from shared.contract.facts.registrations import Community, Contact
from shared.contract.facts.replies import PartStat

AnswerUrls = Mapping[PartStat, str]
"""Where one press answers, by the answer."""

NO_ANSWER_URLS: AnswerUrls = MappingProxyType({})

_SUBJECT_TITLE = 120


@dataclass(frozen=True)
class Letter:
    """One mail's subject, and its text in both forms; lines end with a line feed."""

    subject: str
    text: str
    html: str
    language: str


@dataclass(frozen=True)
class Change:
    """What was, and what is now."""

    what: str
    old: str
    new: str


@dataclass(frozen=True)
class AnswerLink:
    """An answer in words, and where one press gives it."""

    words: str
    url: str


def letter(
    message: MessageDue,
    community: Community,
    recipient: Contact,
    page_url: str,
    answer_urls: AnswerUrls = NO_ANSWER_URLS,
) -> Letter:
    """The words for a message, in its reader's language. ``page_url`` leads to the person's own page."""
    language, occasion = language_of(recipient, community), Occasion.of(message)
    entry = _told(message.entry, message)
    before = _told(message.before, message) if message.before else None
    wording, title = occasion.value, line(entry.title)
    facts = {
        "language": language.tag,
        "holds": wording.holds,
        "name": line(recipient.name),
        "opening": language.say(wording.opening, title=title),
        "also": language.say(OTHER_DATES_STAY) if message.occurrence else None,
        "request": language.say(_request(message, occasion)),
        "changes": changes(before, entry, language) if before and occasion is Occasion.CHANGED else (),
        "when": when(entry, entry.zone, language),
        "when_for_you": when_for(entry, recipient.zone, language),
        "dates": further_dates(entry, language),
        "where": line(entry.location),
        "join_url": line(entry.join_url) if entry.join_url else None,
        "join_words": language.say("Join online"),
        "about": about(entry, language),
        "answers": _answers(message, answer_urls, language),
        "page_url": line(page_url),
        "organiser": line(community.organiser),
        "community": line(community.name),
    }
    text, html = (language.templates.get_template(f"letter.{form}.j2").render(facts) for form in ("txt", "html"))
    return Letter(_subject(occasion, entry, language), text, html, language.tag)


def _told(entry: CalendarEntry, message: MessageDue) -> CalendarEntry:
    """What the message is about: the entry, or one occurrence of it."""
    return alone(entry, message.occurrence) if message.occurrence is not None else entry


def _subject(occasion: Occasion, entry: CalendarEntry, language: Language) -> str:
    return language.say(
        occasion.value.subject,
        title=shortened(entry.title, _SUBJECT_TITLE),
        day=short_day(entry.start, entry.zone, language),
        time=clock_time(entry.start, entry.zone, language),
    )


def _request(message: MessageDue, occasion: Occasion) -> str:
    stands = message.method is Method.REQUEST and message.partstat is not None
    return ANSWER_STANDS if stands else occasion.value.request


def _answers(message: MessageDue, urls: AnswerUrls, language: Language) -> tuple[AnswerLink, ...]:
    if message.method is Method.CANCEL:
        return ()
    return tuple(
        AnswerLink(language.say(words), line(urls[partstat]))
        for partstat, words in ANSWER_WORDS.items()
        if partstat in urls
    )


def further_dates(entry: CalendarEntry, language: Language) -> tuple[str, ...]:
    """When a series is held after its first date; nothing for what is held once."""
    held = (each for each in entry.dates[1:] if not entry.occurrence(each).cancelled)
    return tuple(when(alone(entry, each), entry.zone, language) for each in held)


def changes(before: CalendarEntry, entry: CalendarEntry, language: Language) -> tuple[Change, ...]:
    """What a person must know of the difference between two states of an entry."""
    say = language.say
    compared = (
        Change(say("When"), when(before, before.zone, language), when(entry, entry.zone, language)),
        Change(say("Where"), _place(before, language), _place(entry, language)),
        Change(say("Join online"), _link(before, language), _link(entry, language)),
    )
    return tuple(change for change in compared if change.old != change.new)


def _place(entry: CalendarEntry, language: Language) -> str:
    return line(entry.location) or language.say("not known yet")


def _link(entry: CalendarEntry, language: Language) -> str:
    return line(entry.join_url) if entry.join_url else language.say("no link")

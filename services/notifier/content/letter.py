"""What a mail says to a person: what, when by the session's clock and by theirs, where, what changed and why.

What the readers of one message have in common is written once; a release is told to many people at a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType

from markupsafe import escape

from services.notifier.content.about import about
from services.notifier.content.languages import Language, language_of
from services.notifier.content.occasions import ANSWER_STANDS, ANSWER_WORDS, OTHER_DATES_STAY, Occasion
from services.notifier.content.printable import line, shortened
from services.notifier.content.when import clock_time, short_day, when, when_for
from services.notifier.planning.message import MessageDue
from services.notifier.planning.series import alone, shown_dates
from shared.contract.facts.notifier import CalendarEntry, Method
from shared.contract.facts.registrations import Community, Contact
from shared.contract.facts.replies import PartStat

AnswerUrls = Mapping[PartStat, str]
"""Where one press answers, by the answer."""

NO_ANSWER_URLS: AnswerUrls = MappingProxyType({})

_SUBJECT_TITLE = 120
_NAME = "\0name\0"
_PAGE = "\0page\0"


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


@dataclass(frozen=True)
class _Shared:
    """What the letters of one message have in common: all but the reader's name and links."""

    occasion: Occasion
    entry: CalendarEntry
    compared: tuple[tuple[CalendarEntry, CalendarEntry], ...]
    further: tuple[CalendarEntry, ...]
    of_series: bool
    request: str
    zone: str
    organiser: str
    community: str
    answers: tuple[PartStat, ...]
    language: Language


def letter(
    message: MessageDue,
    community: Community,
    recipient: Contact,
    now: datetime,
    page_url: str,
    answer_urls: AnswerUrls = NO_ANSWER_URLS,
) -> Letter:
    """The words for a message, in its reader's language. ``page_url`` leads to the person's own page.

    Of a series, the first date to come is told as the session is, and the others after it.
    """
    occasion = Occasion.of(message)
    answers = () if message.method is Method.CANCEL else tuple(each for each in ANSWER_WORDS if each in answer_urls)
    told = _dates(message.entry, message, now)
    written = _written(
        _Shared(
            occasion,
            entry=told[0],
            compared=_compared(message.before, message, now) if occasion is Occasion.CHANGED else (),
            further=told[1:],
            of_series=message.occurrence is not None,
            request=_request(message, occasion),
            zone=recipient.zone,
            organiser=community.organiser,
            community=community.name,
            answers=answers,
            language=language_of(recipient, community),
        )
    )
    own = {_NAME: line(recipient.name), _PAGE: line(page_url)} | {
        _place_of(each): line(answer_urls[each]) for each in answers
    }
    return replace(
        written,
        text=_filled(written.text, own),
        html=_filled(written.html, {place: escape(value) for place, value in own.items()}),
    )


@lru_cache(maxsize=1024)
def _written(shared: _Shared) -> Letter:
    """The letter with places to be filled in. A place has NULs around it, which no text has once it is clean."""
    language, occasion, entry = shared.language, shared.occasion, shared.entry
    wording = occasion.value
    facts = {
        "language": language.tag,
        "holds": wording.holds,
        "name": _NAME,
        "opening": language.say(wording.opening, title=line(entry.title)),
        "also": language.say(OTHER_DATES_STAY) if shared.of_series else None,
        "request": language.say(shared.request),
        "changes": tuple(dict.fromkeys(each for pair in shared.compared for each in changes(*pair, language))),
        "when": when(entry, entry.zone, language),
        "when_for_you": when_for(entry, shared.zone, language),
        "dates": tuple(when(each, each.zone, language) for each in shared.further),
        "where": line(entry.location),
        "join_url": line(entry.join_url) if entry.join_url else None,
        "join_words": language.say("Join online"),
        "about": about(entry, language),
        "answers": tuple(AnswerLink(language.say(ANSWER_WORDS[each]), _place_of(each)) for each in shared.answers),
        "page_url": _PAGE,
        "organiser": line(shared.organiser),
        "community": line(shared.community),
    }
    text, html = (language.templates.get_template(f"letter.{form}.j2").render(facts) for form in ("txt", "html"))
    return Letter(_subject(occasion, entry, language), text, html, language.tag)


def _compared(
    before: CalendarEntry | None, message: MessageDue, now: datetime
) -> tuple[tuple[CalendarEntry, CalendarEntry], ...]:
    """What was and what is now, of a series date by date where those have the same names."""
    if before is None:
        return ()
    entry = message.entry
    if message.occurrence is not None or not entry.dates or before.dates != entry.dates:
        return ((_dates(before, message, now)[0], _dates(entry, message, now)[0]),)
    held = {each.original for each in shown_dates(before, now)}
    return tuple(
        (alone(before, each.original), alone(entry, each.original))
        for each in shown_dates(entry, now)
        if each.original in held
    )


def _place_of(answer: PartStat) -> str:
    return f"\0{answer}\0"


def _filled(text: str, own: Mapping[str, str]) -> str:
    for place, value in own.items():
        text = text.replace(place, value)
    return text


def _dates(entry: CalendarEntry, message: MessageDue, now: datetime) -> tuple[CalendarEntry, ...]:
    """What the message is about: the entry, or one occurrence of it, or each that is held."""
    if message.occurrence is not None:
        return (alone(entry, message.occurrence),)
    return tuple(alone(entry, each.original) for each in shown_dates(entry, now)) or (entry,)


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

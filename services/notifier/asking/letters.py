"""What people are asked and told about their proposals, offered seats and enrolments, in their own language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.notifier.asking.groups import group_words
from services.notifier.content.languages import Language, language_of
from services.notifier.content.letter import Letter
from services.notifier.content.printable import line, shortened
from services.notifier.content.when import clock_time, short_day, when, when_for
from shared.contract.facts.notifier import CalendarEntry
from shared.contract.facts.registrations import Community, Contact
from shared.contract.groups import Group

_SUBJECT_TITLE = 120


@dataclass(frozen=True)
class Detail:
    """One thing to know, and its name."""

    what: str
    words: str


@dataclass(frozen=True)
class Action:
    """What its reader can do by one press, and where."""

    words: str
    url: str


@dataclass(frozen=True)
class Asking:
    """A letter's words, already in its reader's language."""

    subject: str
    opening: str
    details: tuple[Detail, ...] = ()
    request: str = ""
    actions: tuple[Action, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Addressee:
    """To whom a letter goes, and from where."""

    community: Community
    contact: Contact

    @property
    def language(self) -> Language:
        return language_of(self.contact, self.community)

    def moment(self, instant: datetime) -> str:
        """Day and time by the reader's clocks, which it names."""
        zone, language = self.contact.zone, self.language
        day, time = short_day(instant, zone, language), clock_time(instant, zone, language)
        return language.say("%(day)s, %(time)s (%(zone)s)", day=day, time=time, zone=zone)


def edit_link_letter(to: Addressee, title: str, programme: str, closes: datetime | None, url: str) -> Letter:
    """The way back to a proposal that somebody began with this address."""
    say = to.language.say
    return _written(
        to,
        Asking(
            subject=say("Your proposal: %(title)s", title=shortened(title, _SUBJECT_TITLE)),
            opening=say("somebody, we hope you, has begun a proposal with this address."),
            details=_about(to, title, programme, closes),
            request=say(
                "Here you can complete it, send it in, change it, or withdraw it. Nobody sees it before you send it in."
            ),
            actions=(Action(say("Go on with the proposal"), url),),
            notes=(say("If this was not you, please ignore this mail; nothing else will come of it."),),
        ),
    )


def received_letter(to: Addressee, title: str, programme: str, closes: datetime | None, url: str) -> Letter:
    """A proposal has come in."""
    say = to.language.say
    return _written(
        to,
        Asking(
            subject=say("We have your proposal: %(title)s", title=shortened(title, _SUBJECT_TITLE)),
            opening=say("thank you: your proposal has come in. You will hear from us when it is decided."),
            details=_about(to, title, programme, closes),
            request=say("Until then you can change it or withdraw it."),
            actions=(Action(say("Look at the proposal"), url),),
        ),
    )


def confirm_letter(to: Addressee, title: str, programme: str, asked: datetime, url: str, *, chase: bool) -> Letter:
    """A presenter's word on an accepted proposal is wanted. ``chase`` tells that they were asked before."""
    say, title_shown = to.language.say, shortened(title, _SUBJECT_TITLE)
    notes = [say("Without your answer we cannot rely on the session. It takes one press.")]
    if chase:
        notes.insert(0, say("We asked you first on %(day)s.", day=short_day(asked, to.contact.zone, to.language)))
    return _written(
        to,
        Asking(
            subject=(
                say("ACTION REQUIRED, once more: please confirm %(title)s", title=title_shown)
                if chase
                else say("ACTION REQUIRED: please confirm %(title)s", title=title_shown)
            ),
            opening=say('"%(title)s" is accepted, and you are one of its presenters.', title=line(title)),
            details=(Detail(say("Programme"), line(programme)),),
            request=say("Please tell us whether you will present it."),
            actions=(
                Action(say("Yes, I will present it"), f"{url}/yes"),
                Action(say("No, I cannot"), f"{url}/no"),
            ),
            notes=tuple(notes),
        ),
    )


def offer_letter(to: Addressee, entry: CalendarEntry, expires: datetime, url: str, *, online: bool) -> Letter:
    """A seat is held for somebody who waits for one."""
    say, language = to.language.say, to.language
    theirs = when_for(entry, to.contact.zone, language)
    details = [Detail(say("When"), when(entry, entry.zone, language))]
    if theirs is not None:
        details.append(Detail(say("By your clocks"), theirs))
    if online:
        details.append(Detail(say("Where"), say("online")))
    elif entry.location:
        details.append(Detail(say("Where"), line(entry.location)))
    details.append(Detail(say("Held for you until"), to.moment(expires)))
    title = shortened(entry.title, _SUBJECT_TITLE)
    until = clock_time(expires, to.contact.zone, language)
    day = short_day(expires, to.contact.zone, language)
    return _written(
        to,
        Asking(
            subject=say("A seat for you until %(day)s, %(time)s: %(title)s", title=title, day=day, time=until),
            opening=say('a seat in "%(title)s" has become free, and you are next.', title=line(entry.title)),
            details=tuple(details),
            request=say("Please take it or let it go. Without an answer it goes to the next who waits."),
            actions=(
                Action(say("Take the seat"), f"{url}/accept"),
                Action(say("Let it go"), f"{url}/decline"),
            ),
        ),
    )


def enrolled_letter(to: Addressee, programme: str, groups: Iterable[Group], page_url: str, leave_url: str) -> Letter:
    """A rule has enrolled somebody: why, and how to leave by one press."""
    say = to.language.say
    reasons = tuple(Detail(say("Because of"), group_words(each, to.language)) for each in groups)
    return _written(
        to,
        Asking(
            subject=say("You take part in %(programme)s", programme=shortened(programme, _SUBJECT_TITLE)),
            opening=say(
                "the organisers have enrolled everybody of a group that you belong to, so you take part in "
                '"%(programme)s".',
                programme=line(programme),
            ),
            details=reasons,
            request=say(
                "Its sessions look for a time that suits you, and you get an invitation when you have a seat. If you "
                "would rather not take part, one press is enough; nobody will enrol you in this way again."
            ),
            actions=(Action(say("Leave this programme"), leave_url), Action(say("Your own page"), page_url)),
        ),
    )


def _about(to: Addressee, title: str, programme: str, closes: datetime | None) -> tuple[Detail, ...]:
    say = to.language.say
    details = [Detail(say("Proposal"), line(title)), Detail(say("Programme"), line(programme))]
    if closes is not None:
        details.append(Detail(say("Proposals are taken until"), to.moment(closes)))
    return tuple(details)


def _written(to: Addressee, asking: Asking) -> Letter:
    language = to.language
    facts = {
        "language": language.tag,
        "name": line(to.contact.name),
        "opening": asking.opening,
        "details": asking.details,
        "request": asking.request,
        "actions": asking.actions,
        "notes": asking.notes,
        "organiser": line(to.community.organiser),
        "community": line(to.community.name),
    }
    text, html = (language.templates.get_template(f"asking.{form}.j2").render(facts) for form in ("txt", "html"))
    return Letter(asking.subject, text, html, language.tag)

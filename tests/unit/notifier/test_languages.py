"""The languages of mails: their catalogs are whole, and every word and date follows the reader."""

from __future__ import annotations

import re
from datetime import timedelta
from importlib import resources

import pytest
from babel.messages.pofile import read_po
from icalendar import Calendar
from marked_texts import marked_texts
from notifier_samples import COMMUNITY, NOW, PAGE, contact, entry, message
from planned_messages import series, without_seat

from services.notifier.content.calendar_object import itip
from services.notifier.content.languages import language, language_of
from services.notifier.content.letter import letter
from services.notifier.content.mail import write_mail
from services.notifier.content.occasions import Occasion
from shared.contract.facts.notifier import CancelKind, Method
from shared.contract.facts.replies import PartStat

LOCALES = resources.files("services.notifier.content").joinpath("locales")
CATALOGS = sorted(each.name for each in LOCALES.iterdir() if each.joinpath("LC_MESSAGES").is_dir())
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
DE = contact(language="de")


def test_there_is_a_language_beside_english() -> None:
    assert "de" in CATALOGS


@pytest.mark.parametrize("name", CATALOGS)
def test_a_catalog_has_every_marked_text_and_no_other(name: str) -> None:
    with LOCALES.joinpath(name, "LC_MESSAGES", "notifier.po").open("rb") as source:
        catalog = {message.id: message for message in read_po(source, locale=name) if message.id}
    assert {text if isinstance(text, str) else text[0] for text in catalog} == marked_texts()
    for text, translated in catalog.items():
        assert translated.string, text
        assert not translated.fuzzy, text
        if isinstance(text, str):
            assert set(_PLACEHOLDER.findall(translated.string)) == set(_PLACEHOLDER.findall(text)), text


def test_a_letter_speaks_its_readers_language() -> None:
    told = letter(message(entry=entry(join_url="https://m.example")), COMMUNITY, DE, NOW, PAGE)
    assert told.subject == "Einladung: Retrieval practice, Di., 12. Jan. 2027, 15:30"
    for form in (told.text, told.html):
        for words in ("Guten Tag Amara Osei", "Dienstag, 12. Januar 2027, 15:30 bis 16:30 Uhr", "Mit Bo Lind", "„Ja“"):
            assert words in form
    assert '<html lang="de">' in told.html


def test_every_occasion_is_said_in_every_language() -> None:
    off = {"method": Method.CANCEL, "sequence": 1, "n": 2}
    messages = {
        Occasion.INVITED: message(),
        Occasion.CHANGED: message(before=entry(location="Hall")),
        Occasion.ASKED_AGAIN: message(before=entry(), again=True),
        Occasion.COUNTER_DECLINED: message(method=Method.DECLINECOUNTER, before=entry(), again=True),
        Occasion.OCCURRENCE_OFF: message(
            entry=series(), occurrence=series().dates[1], cancels=CancelKind.OCCURRENCE, **off
        ),
        Occasion.DATE_GIVEN_BACK: message(
            entry=(given := without_seat(series(), 1)), occurrence=given.dates[1], cancels=CancelKind.OCCURRENCE, **off
        ),
        Occasion.SESSION_OFF: message(cancels=CancelKind.SESSION, **off),
        Occasion.SEAT_GIVEN_BACK: message(cancels=CancelKind.SEAT, **off),
    }
    assert messages.keys() == set(Occasion)
    english = {letter(each, COMMUNITY, contact(), NOW, PAGE).subject for each in messages.values()}
    german = {letter(each, COMMUNITY, DE, NOW, PAGE).subject for each in messages.values()}
    assert len(english) == len(german) == len(Occasion)
    assert not english & german


def test_the_mail_names_its_language() -> None:
    assert "\r\nContent-Language: de\r\n" in write_mail(message(), COMMUNITY, DE, NOW, PAGE).text
    assert "\r\nContent-Language: en\r\n" in write_mail(message(), COMMUNITY, contact(), NOW, PAGE).text


def test_the_calendar_object_speaks_the_language_too() -> None:
    raw = itip(message(entry=entry(join_url="https://m.example")), COMMUNITY, DE, NOW)
    [event] = Calendar.from_ical(raw).walk("VEVENT")
    assert event["DESCRIPTION"] == "Mit Bo Lind\n\nBring a pen.\n\nOnline teilnehmen: https://m.example"
    assert event["CONFERENCE"].params["LABEL"] == "Online teilnehmen"


@pytest.mark.parametrize(
    ("persons", "communitys", "tag"),
    [
        (None, "en", "en"),
        (None, "de", "de"),
        ("en", "de", "en"),
        ("de-AT", "en", "de-AT"),
        ("fr", "de", "de"),
        ("fr", "fr", "en-GB"),
        ("de-QQ", "en", "de-QQ"),
    ],
)
def test_the_persons_language_comes_before_the_communitys_and_english_last(
    persons: str | None, communitys: str, tag: str
) -> None:
    community = COMMUNITY.model_copy(update={"language": communitys})
    assert language_of(contact(language=persons), community).tag == tag


def test_countries_write_dates_their_own_way() -> None:
    told = {
        tag: letter(message(), COMMUNITY, contact(language=tag), NOW, PAGE).text for tag in ("en", "en-US", "de-AT")
    }
    assert "Tuesday, 12 January 2027, 15:30 to 16:30" in told["en"]
    assert "Tuesday, January 12, 2027, 3:30\u202fPM to 4:30\u202fPM" in told["en-US"]
    assert "Dienstag, 12. Jänner 2027" in told["de-AT"]


def test_a_language_is_read_once() -> None:
    assert language("de") is language("de")
    assert language("de") == language("de") != language("de-AT")


def test_answers_are_offered_where_there_are_links_for_them() -> None:
    urls = {partstat: f"https://x.example/{partstat}" for partstat in PartStat}
    told = letter(message(), COMMUNITY, contact(), NOW, PAGE, urls)
    assert "Coming: https://x.example/accepted\nMaybe: https://x.example/tentative\n" in told.text
    assert '<a href="https://x.example/declined"' in told.html
    assert "Coming" not in letter(message(), COMMUNITY, contact(), NOW, PAGE).text
    cancel = message(method=Method.CANCEL, cancels=CancelKind.SEAT)
    assert "https://x.example/accepted" not in letter(cancel, COMMUNITY, contact(), NOW, PAGE, urls).text


def test_a_session_past_midnight_tells_its_last_day_in_the_language() -> None:
    late = entry(start=entry().start + timedelta(hours=8))
    told = letter(message(entry=late), COMMUNITY, DE, NOW, PAGE).text
    assert "Dienstag, 12. Januar 2027, 23:30 Uhr bis Mittwoch, 13. Januar 2027, 00:30 Uhr" in told

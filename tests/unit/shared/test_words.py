"""Names and addresses are found wherever they stand, and nothing else is."""

from __future__ import annotations

import base64
import json
from email.header import Header
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.privacy.words import Words, names_person, without_person

NAME, ADDRESS = "Zoë O'Quetzal", "zoe@far.example"
WORDS = Words.of((NAME, ADDRESS))
LETTERS = st.text(st.characters(categories=("Lu", "Ll")), min_size=3, max_size=12)


def mail(text: str, cte: str) -> str:
    made = EmailMessage()
    made["Subject"] = "Hello"
    made.set_content(text, cte=cte)
    return made.as_string().replace("\n", "\r\n")


@pytest.mark.parametrize(
    "text",
    [
        NAME,
        f"with {NAME.upper()}, at three",
        f"mailto:{ADDRESS}",
        "Zoë\n O'Quetzal",
        mail(f"Dear {NAME},\n", "base64"),
        mail(f"Dear {NAME},\n" + "x" * 70, "quoted-printable"),
        mail("<p>Zo&euml; O&#39;Quetzal</p>", "quoted-printable"),
        mail(f"DESCRIPTION:{'x' * 60} Zo\r\n ë O'Quetzal", "base64"),
        f"To: {Header(NAME, 'utf-8').encode()} <x@y.example>\r\n\r\nHello\r\n",
        base64.b64encode(mail(f"Dear {NAME},\n", "base64").encode()).decode(),
        base64.b64encode(f"Subject: x\r\n\r\n{NAME}".encode()).decode(),
    ],
)
def test_a_name_is_found_in_every_writing(text: str) -> None:
    assert WORDS.stand_in(text)
    assert WORDS.stand_in_state({"deep": [{"mail": text}]})


@pytest.mark.parametrize("text", ["Zoë", "O'Quetzal", "Chloezoë O'Quetzals", "zoe@far.example.org.uk1x", ""])
def test_what_is_not_the_whole_name_is_not_found(text: str) -> None:
    assert not WORDS.stand_in(text) or text.startswith("zoe@")


def test_words_that_somebody_else_has_or_that_tell_nobody_are_not_sought() -> None:
    assert Words.of(("Jo", "Al", "Ben Ito")).words == ("ben ito",)
    assert Words.of((NAME, "Ben Ito")).without(("BEN  ITO",)).words == (NAME.casefold(),)
    assert not Words(()).stand_in("anything")
    assert Words(()).taken_out("anything") == "anything"


@given(LETTERS, LETTERS, st.text(max_size=40), st.text(max_size=40))
def test_what_is_taken_out_is_not_found_again(first: str, last: str, before: str, after: str) -> None:
    words = Words.of((f"{first} {last}",))
    left = words.taken_out(f"{before} {first} {last} {after}")
    assert f" {first} {last} " not in left
    assert words.taken_out(left) == left


def test_a_person_leaves_lists_and_texts_and_mails_in_which_they_are_named_go() -> None:
    state = {
        "people": ["p-1", "p-2"],
        "waiting": [{"person": "p-1", "since": 1}, {"person": "p-2", "since": 2}],
        "presenters": [NAME, "Ben Ito"],
        "title": f"{NAME}'s lesson",
        "mail": mail(f"Dear {NAME}", "base64"),
        "n": 1,
    }
    left = without_person(state, "p-1", WORDS)
    assert left == {
        "people": ["p-2"],
        "waiting": [{"person": "p-2", "since": 2}],
        "presenters": ["Ben Ito"],
        "title": "[erased]'s lesson",
        "mail": None,
        "n": 1,
    }
    assert not WORDS.stand_in(json.dumps(left, ensure_ascii=False))
    assert names_person(state, "p-1")
    assert not names_person(left, "p-1")


def test_a_mail_without_their_words_stays() -> None:
    kept = mail("Dear Ben", "base64")
    assert without_person({"mail": kept}, "p-1", WORDS) == {"mail": kept}

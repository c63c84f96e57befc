"""Facts around a programme's call: access codes, wrong guesses at them, and what presenters say of their part."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from shared.contract.message import Fact
from shared.contract.values import Id, Instant, Value


class AccessCode(Value):
    """A code by which proposals come in while the call is closed. Kept as a keyed digest; nobody can read it here."""

    label: Id = Field(description="what the organiser calls it, such as for whom it is")
    digest: str = Field(pattern=r"^[0-9a-f]{40}$")
    made_at: Instant
    expires: Instant | None = Field(default=None, description="from then on it opens nothing; none: until revoked")


class Guesses(Value):
    """How many wrong codes were given in the hour that began with the first of them."""

    wrong: int = Field(default=0, ge=0)
    since: Instant | None = None


class AccessCodes(Fact):
    """The access codes of a programme, and the wrong ones that strangers tried. Read by registrations only."""

    programme: Id
    codes: tuple[AccessCode, ...] = Field(default=(), max_length=50)
    guesses: Guesses = Guesses()

    example: ClassVar[dict[str, Any]] = {
        "programme": "spring-2027",
        "codes": [
            {
                "label": "late-speakers",
                "digest": "5f0c1d6e7a8b9c0d1e2f3a4b5c6d7e8f90a1b2c3",
                "made_at": "2026-12-20T10:00:00Z",
                "expires": "2027-01-10T00:00:00Z",
            }
        ],
    }


class CodeGuesses(Fact):
    """The wrong access codes that a person tried at a programme."""

    person: Id
    programme: Id
    guesses: Guesses = Guesses()

    example: ClassVar[dict[str, Any]] = {
        "person": "p-001",
        "programme": "spring-2027",
        "guesses": {"wrong": 2, "since": "2026-12-20T10:00:00Z"},
    }


class Word(StrEnum):
    """What a presenter has said of their part in an accepted proposal."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


class Confirmation(Fact):
    """A presenter's word on an accepted proposal. Who was asked and has said nothing is asked again.

    It counts only while the proposal is accepted and has that presenter.
    """

    person: Id
    proposal: Id
    programme: Id
    word: Word
    asked: Instant = Field(description="when the presenter was asked first: acceptance, or joining the presenters")
    answered_at: Instant | None = None

    example: ClassVar[dict[str, Any]] = {
        "person": "p-001",
        "proposal": "retrieval-practice",
        "programme": "spring-2027",
        "word": "asked",
        "asked": "2026-12-20T10:00:00Z",
    }

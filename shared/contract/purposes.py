"""Why each field about people is held, and until when.

One table for all facts. A test finds fields of facts about people, and personal fields elsewhere, that have no row;
``docs/contract/purposes.md`` is made from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kept(StrEnum):
    """Until when something is held. Erasing a person ends all of it at once."""

    MEMBER = "until the person is erased"
    SEATED = "until the person is erased; others' part of it stays"
    MAIL = "30 days after the outcome, or until the person is erased"
    DECIDED = "until the case is decided, or the person is erased"
    COMMUNITY = "as long as the community: it is no participant's"


@dataclass(frozen=True)
class Purpose:
    """Why a field is held, and until when."""

    why: str
    kept: Kept = Kept.MEMBER


_ID = Purpose("tells facts about one person apart without a name")
_OUTCOME = Purpose("tells whether a mail arrived, so that it is sent again or the organiser is told")
_OF_THE_MAIL = Purpose("identifies a mail, so that answers and delivery reports can be placed")
_SENT_ONCE = Purpose("keeps a mail from being sent twice, or too late")
_ENTRY = Purpose("what the person's calendar was told, so that only changes are sent")
_READING = Purpose("keeps a calendar that is read from being read too often, and tells when it was not readable")
_ANSWER = Purpose("the person's answer, by which seats are given and freed")
_ASKED = Purpose("the presenter's word on their part, by which they are asked again or a stand-in is found")
_CASE = Purpose("lets the organiser decide on a mail that could not be acted upon", Kept.DECIDED)
_FAIR = Purpose("lets plans be fair to everybody and tells managers counts, never names")
_BY_RULE = Purpose("by which rule somebody is enrolled, and that they are never enrolled again once they left")
_SEATS = Purpose("keeps people from having too many seats, or two at a time")

PURPOSES: dict[str, dict[str, Purpose]] = {
    "contact": {
        "person": _ID,
        "name": Purpose("greets the person, and names presenters who allow it"),
        "address": Purpose("where invitations and notices go, and by which answers are recognised"),
        "zone": Purpose("tells times by the person's own clock"),
        "name_public": Purpose("the person's consent to be named on pages and in invitations"),
        "language": Purpose("writes mails in the person's language"),
        "link_generation": Purpose("revokes all links at once"),
        "verified": Purpose("keeps a stranger from having mails sent to an address that is not theirs"),
        "origin": Purpose("lets a partner change only whom it brought"),
    },
    "person-key": {"person": Purpose("an address belongs to one person; the subject holds a keyed digest of it")},
    "external": {
        "partner": Purpose("whose id it is; the subject holds a keyed digest of that id"),
        "person": Purpose("whom a partner's own id means"),
    },
    "affiliation": dict.fromkeys(
        ("person", "school", "department", "pattern", "zone", "sector", "tags", "groups"), _FAIR
    ),
    "availability": {
        "person": _ID,
        "sources": Purpose("when the person can come: windows alone, never titles of what they do instead"),
    },
    "calendar-source": {
        "person": _ID,
        "source": Purpose("what the person calls the calendar"),
        "kind": _READING,
        "sealed": Purpose("address and credentials of the calendar, encrypted with a key that registrations alone has"),
        "connected": _READING,
        "due": _READING,
        "not_before": _READING,
        "claimed_until": _READING,
        "read_at": _READING,
        "failures": _READING,
        "problem": _READING,
        "unknown_since": Purpose("says that the person's time is not known, rather than that it is free"),
        "etag": _READING,
        "read_in": _READING,
        "modified": _READING,
        "content": _READING,
        "from_day": _READING,
        "until_day": _READING,
        "not_understood": _READING,
    },
    "interest": dict.fromkeys(
        ("person", "session", "level"), Purpose("gives seats to those who want them, and plans for them")
    ),
    "person-seats": dict.fromkeys(("person", "seats"), _SEATS),
    "enrolment": dict.fromkeys(("person", "programme", "rules", "enrolled_at", "left", "left_at"), _BY_RULE),
    "confirmation": dict.fromkeys(("person", "proposal", "programme", "word", "asked", "answered_at"), _ASKED),
    "code-guess": dict.fromkeys(("person", "programme", "guesses"), Purpose("bounds guesses at access codes")),
    "manager": dict.fromkeys(("person", "teams"), Purpose("whose teams a manager is told counts of")),
    "erasure": dict.fromkeys(
        ("person", "at", "swept_at", "up_to"),
        Purpose("keeps an erased id from coming back; no personal data", Kept.COMMUNITY),
    ),
    "proposal": {
        "presenters": Purpose("who presents", Kept.SEATED),
        "presenters_declined": Purpose("who of them cannot", Kept.SEATED),
        "title": Purpose("what is offered; withdrawn and overwritten with its only presenter", Kept.SEATED),
        "abstract": Purpose("what is offered; withdrawn and overwritten with its only presenter", Kept.SEATED),
        "recording": Purpose("whether the presenters allow that it is recorded", Kept.SEATED),
        "preferred": Purpose("when the presenters would like it to be", Kept.SEATED),
        "impossible": Purpose("when it cannot be", Kept.SEATED),
        "link_wanted": Purpose("who began without an account gets a link to go on", Kept.SEATED),
    },
    "seating": {
        "people": Purpose("who has a seat", Kept.SEATED),
        "online": Purpose("whose seat is online", Kept.SEATED),
        "waiting": Purpose("who waits for a seat, and since when", Kept.SEATED),
        "offers": Purpose("to whom a seat is offered, and until when", Kept.SEATED),
        "let_go": Purpose("who gave a seat back, so that they are not seated again unasked", Kept.SEATED),
        "presenters_declined": Purpose("that a session needs another presenter or time", Kept.SEATED),
    },
    "invite": {
        "person": _ID,
        "session": _ENTRY,
        "n": _OF_THE_MAIL,
        "status": _OUTCOME,
        "method": _ENTRY,
        "cancels": _ENTRY,
        "occurrence": _ENTRY,
        "sequence": _ENTRY,
        "asked_at": _SENT_ONCE,
        "entry": Purpose("what the calendar holds; in it the names of presenters who allow that"),
        "offsets": _ENTRY,
        "message_id": _OF_THE_MAIL,
        "attempt": _OUTCOME,
        "doubts": _OUTCOME,
        "claimed_at": _OF_THE_MAIL,
        "deadline": _SENT_ONCE,
        "decided_at": _OUTCOME,
        "next_attempt_at": _OUTCOME,
        "answer": _OUTCOME,
        "mail": Purpose("the exact bytes, in case they must be sent again", Kept.MAIL),
    },
    "notice": {
        **dict.fromkeys(("person",), _ID),
        **dict.fromkeys(("kind", "about", "occasion", "message_id", "claimed_at"), _OF_THE_MAIL),
        **dict.fromkeys(("status", "attempt", "doubts", "decided_at", "next_attempt_at", "answer"), _OUTCOME),
        **dict.fromkeys(("ends_at", "deadline"), _SENT_ONCE),
        "mail": Purpose("the exact bytes, in case they must be sent again", Kept.MAIL),
    },
    "preference": dict.fromkeys(
        ("person", "reminders", "digest", "team_digest", "at"), Purpose("which letters the person wants")
    ),
    "suppression": {
        "person": _ID,
        "status": Purpose("no more mail goes to an address that takes none"),
        "reason": Purpose("how we learned that an address takes no mail"),
        "answer": Purpose("what the mail server said, for the organiser"),
        "address_digest": Purpose("which address takes no mail: a keyed digest"),
        "at": Purpose("since when"),
    },
    "reply": dict.fromkeys(
        (
            "person",
            "session",
            "partstat",
            "start",
            "sequence",
            "stamp",
            "at",
            "via",
            "declined_in_calendar",
            "comment",
            "delegate",
            "counter",
            "refresh_asked_at",
            "obsolete",
            "ignored",
        ),
        _ANSWER,
    ),
    "quarantine": dict.fromkeys(
        (
            "person",
            "id",
            "state",
            "reason",
            "why",
            "session",
            "sender",
            "partstat",
            "recurrence",
            "at",
            "decided_at",
            "mail",
        ),
        _CASE,
    ),
    "community": {
        "name": Purpose("what the community is called", Kept.COMMUNITY),
        "mailbox": Purpose("where invitations come from and answers go", Kept.COMMUNITY),
    },
    "room": {
        "name": Purpose("what a room is called", Kept.COMMUNITY),
        "unavailable": Purpose("when a room is taken", Kept.COMMUNITY),
    },
}

"""Reminders and digests as letters and mails: in both forms, in the reader's language, with the ways out."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest
from notifier_samples import COMMUNITY, NOW, POLICY, contact, entry

from services.notifier.content.letter import Letter
from services.notifier.delivery.life import NextStep, claimed_again, decided, expired, next_step
from services.notifier.delivery.outcome import Deferred, Sent
from services.notifier.digests.letters import DigestLinks, digest_letter, team_letter
from services.notifier.notices.links import Links
from services.notifier.notices.unsubscribing import asked_by_mail, list_headers
from services.notifier.notices.writing import write_notice
from services.notifier.reminders.letter import ReminderLinks, reminder_letter
from shared.contract.catalogue import NOTICE
from shared.contract.commands.digests import ManagersTeams, TeamCounts
from shared.contract.commands.notices import StatePreference
from shared.contract.facts.notices import Notice, NoticeKind, Preference
from shared.contract.facts.notifier import InviteStatus
from shared.links import LinkKey

KEY = LinkKey(b"k" * 32)
LINKS = Links(KEY, "https://desk.example", "northgate")
DIGEST_LINKS = DigestLinks("https://desk.example/northgate", "https://desk.example/me/x", "https://desk.example/out")
REF = NOTICE.ref("northgate", "p-001", NoticeKind.REMINDER, "retrieval", "20270112t1530z")
HOSTILE = "Tab\there\r\nBcc: x@y.example\x00\x0b\u2028\u0085 \ud800 „Übung“ \U0001f600 <b>&"


def mail(wording: Letter, kind: NoticeKind = NoticeKind.DIGEST, **other: str) -> EmailMessage:
    recipient = contact(**other)
    more = list_headers(kind, COMMUNITY, recipient, LINKS, NOW)
    text = write_notice(REF, wording, COMMUNITY, recipient, NOW, more=more).text
    assert text.isascii()
    assert max(len(each) for each in text.split("\r\n")) < 998
    return email.message_from_string(text, policy=email.policy.default)


def reminder(title: str = "Retrieval practice", **other: str) -> Letter:
    links = ReminderLinks(
        "https://desk.example/me/x", "https://desk.example/answer/y/declined", "https://desk.example/z"
    )
    return reminder_letter(entry(title=title, join_url="https://meet.example/j"), COMMUNITY, contact(**other), links)


def test_a_reminder_has_the_way_in_and_the_way_to_give_the_seat_back() -> None:
    wording = reminder()
    assert wording.subject.startswith("Reminder: Retrieval practice, ")
    for reading in (wording.text, wording.html):
        for words in ("https://meet.example/j", "/answer/y/declined", "15:30", "Library, Hillside School"):
            assert words in reading


def test_words_and_times_are_the_readers() -> None:
    wording = reminder(language="de", zone="Europe/Berlin")
    assert wording.language == "de"
    assert wording.subject.startswith("Erinnerung: ")
    assert "16:30" in wording.text
    assert "Platz" in wording.text
    digest = digest_letter([entry()], [], COMMUNITY, contact(language="de", zone="Europe/Berlin"), DIGEST_LINKS)
    assert "16:30" in digest.text
    assert mail(digest)["Content-Language"] == "de"


@pytest.mark.parametrize("form", ["reminder", "digest", "team-digest"])
def test_b14_hostile_texts_change_no_structure(form: str) -> None:
    community = COMMUNITY.model_copy(update={"name": HOSTILE, "organiser": HOSTILE})
    recipient = contact(name=HOSTILE)
    counts = TeamCounts.model_construct(team=HOSTILE, people=9, seated=None, seats=None, presenting=0)
    wording = {
        "reminder": lambda: reminder(HOSTILE, name=HOSTILE),
        "digest": lambda: digest_letter(
            [entry(title=HOSTILE)], [entry(location=HOSTILE)], community, recipient, DIGEST_LINKS
        ),
        "team-digest": lambda: team_letter(
            ManagersTeams.model_construct(teams=(counts,), too_small=(HOSTILE,)), community, recipient, DIGEST_LINKS
        ),
    }[form]()
    more = list_headers(NoticeKind.DIGEST, community, recipient, LINKS, NOW)
    text = write_notice(REF, wording, community, recipient, NOW, more=more).text
    found = email.message_from_string(text, policy=email.policy.default)
    assert found["Bcc"] is None
    assert found.defects == []
    assert [part.get_content_type() for part in found.iter_parts()] == ["text/plain", "text/html"]
    assert found["To"].addresses[0].addr_spec == "amara@hillside.example"
    assert "<b>" not in found.get_body(("html",)).get_content()


def test_the_same_notice_is_the_same_bytes() -> None:
    one, other = (write_notice(REF, reminder(), COMMUNITY, contact(), NOW) for _ in range(2))
    assert one == other
    assert one.message_id == "<reminder.retrieval.p-001.20270112t1530z@northgate.example>"


def test_the_ways_out_are_one_click_and_a_mail_that_we_understand() -> None:
    message = mail(reminder(), NoticeKind.REMINDER)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "<reminder.northgate.example>" in str(message["List-Id"])
    https, mailto = (each.strip(" <>") for each in str(message["List-Unsubscribe"]).split(","))
    assert https.startswith("https://desk.example/me/")
    assert https.endswith("/unsubscribe/reminder")
    assert mailto.startswith("mailto:sessions@northgate.example?subject=unsubscribe%20reminder%20")
    subject = mailto.split("?subject=")[1].replace("%20", " ")
    asked = asked_by_mail(f"Fwd: {subject}", KEY, NOW)
    assert asked is not None
    assert (asked[0].person, asked[0].community, asked[1]) == ("p-001", "northgate", NoticeKind.REMINDER)


def test_a_mail_that_asks_for_nothing_or_without_our_word_ends_nothing() -> None:
    token = LINKS.unsubscribe_token(contact(), NOW)
    page = LINKS.page(contact(), NOW).rsplit("/", 1)[1]
    assert asked_by_mail(f"unsubscribe digest {token}", KEY, NOW) is not None
    for subject in (
        "",
        "unsubscribe",
        f"unsubscribe everything {token}",
        f"unsubscribe digest {token[:-2]}xx",
        f"unsubscribe digest {page}",
    ):
        assert asked_by_mail(subject, KEY, NOW) is None
    assert asked_by_mail(f"unsubscribe digest {token}", KEY, NOW + timedelta(days=366)) is None
    assert asked_by_mail(f"unsubscribe digest {token}", LinkKey(b"o" * 32), NOW) is None


def test_counts_of_few_people_are_not_told() -> None:
    counts = TeamCounts(team="Hillside, Science", people=9, seated=None, seats=None, presenting=0)
    wording = team_letter(ManagersTeams(teams=(counts,), too_small=("Arts",)), COMMUNITY, contact(), DIGEST_LINKS)
    assert "With a seat: 1 to 4\n" in wording.text
    assert "Too small for counts: Arts\n" in wording.text


def test_a_preference_is_about_one_kind_of_notice() -> None:
    said = Preference(person="p-001", digest=False, at=NOW)
    assert {kind for kind in NoticeKind if not said.wants(kind)} == {NoticeKind.DIGEST}


def test_what_comes_of_ones_own_doing_is_not_ended_as_a_kind() -> None:
    said = Preference(person="p-001", reminders=False, digest=False, team_digest=False, at=NOW)
    assert {kind for kind in NoticeKind if not said.wants(kind)} == {kind for kind in NoticeKind if kind.can_be_ended}
    for kind in NoticeKind:
        if not kind.can_be_ended:
            with pytest.raises(ValueError, match="not ended"):
                StatePreference.refusing(kind, "p-001", 1)


def notice(**other: object) -> Notice:
    fields = {"claimed_at": NOW, "deadline": NOW + timedelta(minutes=1), "ends_at": NOW + timedelta(hours=1)}
    return Notice.model_validate(Notice.example | {"status": "claimed", "mail": "m"} | fields | other)


def test_b13_a_notice_lives_as_an_invitation_does() -> None:
    claim = notice()
    assert next_step(claim, NOW, POLICY) is NextStep.WAIT
    assert next_step(claim, claim.deadline, POLICY) is NextStep.RECORD_DOUBT
    doubtful = expired(claim, claim.deadline, POLICY)
    assert (doubtful.status, doubtful.doubts, doubtful.mail) == (InviteStatus.IN_DOUBT, 1, None)
    assert next_step(doubtful, NOW, POLICY) is NextStep.TRANSMIT_AGAIN
    assert next_step(doubtful, NOW, replace(POLICY, never_twice=True)) is NextStep.REPORT
    again = claimed_again(doubtful, "m", NOW, POLICY)
    assert (again.attempt, again.mail, again.claimed_at) == (2, "m", NOW)
    assert next_step(decided(again, Sent("250"), NOW, POLICY), NOW, POLICY) is NextStep.DONE
    deferred = decided(claim, Deferred("450"), NOW, POLICY)
    assert next_step(deferred, NOW + timedelta(minutes=30), POLICY) is NextStep.TRANSMIT_AGAIN
    for late in (deferred, doubtful):
        assert next_step(late, late.ends_at, POLICY) is NextStep.REPORT

"""Whose answer it is, and whether that is proven."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from reply_samples import BEN, MAILBOX, UID, ics, mail, outlook, vevent

from services.notifier.replies.authentication import is_aligned
from services.notifier.replies.incoming import Itip, Letterhead, Reply
from services.notifier.replies.party_crashers import CrasherHandling, crasher_handling
from services.notifier.replies.reading import read_message
from services.notifier.replies.rejection import rejection
from services.notifier.replies.reply_address import ReplyTarget
from services.notifier.replies.trust import (
    Accept,
    Crasher,
    Ignore,
    Known,
    PartyCrashers,
    Quarantine,
    TrustPolicy,
    judge,
    session_of,
)
from shared.contract.facts.registrations import Community
from shared.contract.facts.replies import PartStat, QuarantineReason, QuarantineState

DOMAIN = "northgate.example"
TARGET = ReplyTarget("northgate", "p-ben", "drawing")
ADDRESSES = {"p-ben": BEN, "p-amara": "amara@hillside.example", "p-dee": "dee@lakeside.example"}
AT_ADDRESS = Known(DOMAIN, ADDRESSES, TARGET, "drawing", frozenset({"p-ben", "p-amara"}))
AT_MAILBOX = Known(DOMAIN, ADDRESSES, None, "drawing", frozenset({"p-ben", "p-amara"}))
OUR_SERVER = TrustPolicy("mx.northgate.example")
PASSED = "Authentication-Results: mx.northgate.example; dmarc=pass (p=none) header.from=hillside.example"
STRANGER = "cleo@elsewhere.example"


def read(*lines: str, sender: str = BEN, fields: tuple[str, ...] = (), method: str = "REPLY", **changed: str) -> Itip:
    message = read_message(mail(ics(vevent(*lines, **changed), method=method), *fields, sender=sender))
    assert isinstance(message, Itip)
    return message


def from_stranger(partstat: str = "ACCEPTED") -> Itip:
    return read(sender=STRANGER, ATTENDEE=f"ATTENDEE;PARTSTAT={partstat}:mailto:{STRANGER}")


def test_c12_the_secret_address_proves_whose_answer_it_is() -> None:
    message = read()
    assert judge(message, AT_ADDRESS, TrustPolicy()) == Accept("p-ben", "drawing", message.answers[0])


def test_b6_without_organizer_and_in_capitals_too() -> None:
    message = read_message(outlook())
    assert isinstance(message, Reply)
    assert isinstance(judge(message, AT_ADDRESS, TrustPolicy()), Accept)


@pytest.mark.parametrize(
    ("attendee", "sender"),
    [
        ("ATTENDEE;PARTSTAT=ACCEPTED:mailto:ben.alias@hillside.example", BEN),
        (
            f'ATTENDEE;PARTSTAT=ACCEPTED;SENT-BY="mailto:{BEN}":mailto:office@hillside.example',
            "office@hillside.example",
        ),
        (f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{BEN}", "assistant@hillside.example"),
        ("", BEN),
    ],
    ids=["sender fits", "sent by", "attendee fits", "no attendee"],
)
def test_b6_attendee_or_sender_or_sent_by_must_be_the_invited_person(attendee: str, sender: str) -> None:
    assert isinstance(judge(read(sender=sender, ATTENDEE=attendee), AT_ADDRESS, TrustPolicy()), Accept)


def test_an_answer_about_another_entry_than_its_address_is_for_a_human() -> None:
    verdict = judge(read(UID="UID:reading@northgate.example"), AT_ADDRESS, TrustPolicy())
    assert isinstance(verdict, Quarantine)
    assert (verdict.reason, verdict.person) == (QuarantineReason.MISMATCH, "p-ben")


def test_p4_an_entry_that_is_not_ours_is_ignored() -> None:
    foreign = read(UID="UID:1234@elsewhere.example")
    assert isinstance(judge(foreign, Known(DOMAIN, ADDRESSES), TrustPolicy()), Ignore)


def test_c12_without_the_secret_address_dmarc_proves_it() -> None:
    assert isinstance(judge(read(fields=(PASSED,)), AT_MAILBOX, OUR_SERVER), Accept)


@pytest.mark.parametrize(
    "fields",
    [
        (),
        ("Authentication-Results: mx.northgate.example; dmarc=fail header.from=hillside.example",),
        ("Authentication-Results: mx.northgate.example; spf=pass smtp.mailfrom=hillside.example",),
        ("Authentication-Results: mx.evil.example; dmarc=pass header.from=hillside.example",),
        ("Authentication-Results: mx.northgate.example; dmarc=pass header.from=evil.example",),
        ("Authentication-Results: mx.northgate.example (dmarc=pass header.from=hillside.example); dmarc=none",),
        ("Authentication-Results: mx.northgate.example; dmarc=fail header.from=hillside.example", PASSED),
    ],
    ids=[
        "none",
        "failed",
        "spf only",
        "another server",
        "another domain",
        "in a comment",
        "ours is above a forged one",
    ],
)
def test_c12_without_either_a_human_must_look(fields: tuple[str, ...]) -> None:
    verdict = judge(read(fields=fields), AT_MAILBOX, OUR_SERVER)
    assert isinstance(verdict, Quarantine)
    assert (verdict.reason, verdict.person, verdict.session) == (QuarantineReason.UNPROVEN, "p-ben", "drawing")


def test_a_server_that_writes_no_results_proves_nothing() -> None:
    assert isinstance(judge(read(fields=(PASSED,)), AT_MAILBOX, TrustPolicy()), Quarantine)


def test_dmarc_for_the_sender_does_not_speak_for_another_attendee() -> None:
    passed = "Authentication-Results: mx.northgate.example; dmarc=pass header.from=evil.example"
    message = read(sender="mallory@evil.example", fields=(passed,))
    assert isinstance(judge(message, AT_MAILBOX, OUR_SERVER), Quarantine)


def test_alignment_reads_folded_fields_and_versions() -> None:
    folded = (
        "mx.northgate.example 1;\r\n\tspf=pass;\r\n\tdmarc=pass (p=REJECT sp=NONE)\r\n header.from=HillSide.Example"
    )
    assert is_aligned([folded], "MX.northgate.example", BEN)
    assert not is_aligned([folded], "mx.northgate.example", "ben@other.example")
    assert not is_aligned(["", ";"], "mx.northgate.example", BEN)


def test_p8_somebody_else_at_a_forwarded_address_is_a_party_crasher() -> None:
    verdict = judge(from_stranger(), AT_ADDRESS, TrustPolicy())
    assert isinstance(verdict, Crasher)
    assert (verdict.address, verdict.session, verdict.person) == (STRANGER, "drawing", None)


def handling(message: Itip, policy: PartyCrashers) -> CrasherHandling | None:
    verdict = judge(message, AT_ADDRESS, TrustPolicy())
    assert isinstance(verdict, Crasher)
    return crasher_handling(message, verdict, AT_ADDRESS, policy)


def test_b7_ask_keeps_a_party_crasher_for_the_organiser() -> None:
    found = handling(from_stranger(), PartyCrashers.ASK)
    assert found is not None
    assert found.case is not None
    assert (found.case.reason, found.case.state, found.case.sender, found.answer) == (
        QuarantineReason.STRANGER,
        QuarantineState.KEPT,
        STRANGER,
        False,
    )


def test_b7_reject_answers_once_because_the_same_crasher_is_one_case() -> None:
    first = handling(from_stranger(), PartyCrashers.REJECT)
    again = handling(from_stranger("TENTATIVE"), PartyCrashers.REJECT)
    assert first is not None
    assert again is not None
    assert first.answer
    assert first.case is not None
    assert again.case is not None
    assert first.case.state is QuarantineState.DISMISSED
    assert first.case.id == again.case.id


def test_b7_admit_takes_only_those_who_are_registered() -> None:
    registered = read(sender="dee@lakeside.example", ATTENDEE="ATTENDEE;PARTSTAT=ACCEPTED:mailto:dee@lakeside.example")
    assert handling(registered, PartyCrashers.ADMIT) == CrasherHandling(admit="p-dee")
    unknown = handling(from_stranger(), PartyCrashers.ADMIT)
    assert unknown is not None
    assert unknown.admit is None
    assert unknown.case is not None


def test_an_entry_with_our_domain_that_nobody_was_invited_to_concerns_nobody() -> None:
    made_up = read(sender=STRANGER, UID="UID:no such session>@northgate.example")
    known = Known(DOMAIN, ADDRESSES, None, "no such session>")
    assert isinstance(judge(made_up, known, TrustPolicy(party_crashers=PartyCrashers.REJECT)), Ignore)


def test_at_the_open_mailbox_only_who_proves_to_be_it_is_admitted() -> None:
    dee = "dee@lakeside.example"
    passed = "Authentication-Results: mx.northgate.example; dmarc=pass header.from=lakeside.example"
    for fields, admitted in (((), None), ((passed,), "p-dee")):
        message = read(sender=dee, fields=fields, ATTENDEE=f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{dee}")
        verdict = judge(message, AT_MAILBOX, OUR_SERVER)
        assert isinstance(verdict, Crasher)
        found = crasher_handling(message, verdict, AT_MAILBOX, PartyCrashers.ADMIT)
        assert found is not None
        assert found.admit == admitted


def test_nobody_is_mailed_because_somebody_else_names_them_as_attendee() -> None:
    forged = read(sender="eve@evil.example", ATTENDEE=f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{STRANGER}")
    found = handling(forged, PartyCrashers.REJECT)
    assert found is not None
    assert found.case is not None
    assert not found.answer


def test_a_rejection_says_nothing_in_the_words_of_the_mail_that_came() -> None:
    advert = Letterhead(message_id="<1@evil.example>", subject="Cheap watches at https://evil.example")
    community = Community.model_validate(Community.example)
    written = rejection(community, STRANGER, advert, datetime(2026, 12, 1, 9, tzinfo=UTC))
    assert b"watches" not in written
    assert b"Subject: Not invited\r\n" in written


@pytest.mark.parametrize("policy", PartyCrashers)
def test_a_stranger_who_does_not_come_concerns_nobody(policy: PartyCrashers) -> None:
    assert handling(from_stranger("DECLINED"), policy) is None


@pytest.mark.parametrize("policy", PartyCrashers)
def test_nobody_answers_for_another_invited_person_through_their_own_address(policy: PartyCrashers) -> None:
    forged = read(sender="amara@hillside.example", ATTENDEE="ATTENDEE;PARTSTAT=ACCEPTED:mailto:amara@hillside.example")
    found = handling(forged, policy)
    assert found is not None
    assert found.admit is None
    assert found.case is not None
    assert found.case.reason is QuarantineReason.MISMATCH


def test_the_session_is_the_uid_without_the_domain_whatever_the_case() -> None:
    answers = read(UID=f"UID:{UID.upper()}").answers
    assert session_of(answers, DOMAIN) == "drawing"
    assert session_of(answers, "other.example") is None
    assert MAILBOX.endswith(DOMAIN)


def test_of_several_events_the_one_about_the_whole_entry_counts() -> None:
    single = vevent("RECURRENCE-ID:20270112T153000Z", partstat="DECLINED")
    message = read_message(mail(ics(single, vevent(partstat="ACCEPTED"))))
    assert isinstance(message, Reply)
    verdict = judge(message, AT_ADDRESS, TrustPolicy())
    assert isinstance(verdict, Accept)
    assert verdict.answer.partstat is PartStat.ACCEPTED


def test_an_answer_about_several_dates_is_heard_date_by_date_after_the_whole() -> None:
    dates = [vevent(f"RECURRENCE-ID:202701{day}T153000Z", partstat="DECLINED") for day in (19, 26)]
    other = vevent("RECURRENCE-ID:20270202T153000Z", ATTENDEE=f"ATTENDEE;PARTSTAT=DECLINED:mailto:{STRANGER}")
    message = read_message(mail(ics(*dates, other, vevent())))
    assert isinstance(message, Itip)
    verdict = judge(message, AT_ADDRESS, TrustPolicy())
    assert isinstance(verdict, Accept)
    assert (verdict.answer.recurrence, verdict.answer.partstat) == (None, PartStat.ACCEPTED)
    told = [(each.recurrence.day, each.partstat) for each in verdict.of_dates if each.recurrence]
    assert told == [(19, PartStat.DECLINED), (26, PartStat.DECLINED)]

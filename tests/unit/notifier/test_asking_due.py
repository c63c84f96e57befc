"""Which notices are due about proposals, seats and enrolments, as pure functions of the facts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.asking.causes import causes_of
from services.notifier.asking.due import (
    TIME_TO_ANSWER,
    of_confirmation,
    of_enrolment,
    of_proposal,
    of_seating,
)
from services.notifier.asking.stretches import NoticeDue, next_due, now_due
from services.notifier.notices.urgency import presses
from shared.bus.facts import Stored
from shared.contract.catalogue import CONFIRMATION, PROPOSAL
from shared.contract.facts.calls import Confirmation
from shared.contract.facts.enrolment import Enrolment
from shared.contract.facts.notices import Notice, NoticeKind
from shared.contract.facts.registrations import Proposal, ProposalStatus, Seating
from shared.contract.facts.seats import Offer, Pool

ASKED = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def proposal(**other: Any) -> Proposal:
    return Proposal.model_validate(Proposal.example | other)


def confirmation(**other: Any) -> Confirmation:
    return Confirmation.model_validate(Confirmation.example | {"asked": ASKED} | other)


def chases(**other: Any) -> list[NoticeDue]:
    return list(of_confirmation(confirmation(**other), proposal()))


def names(notices: list[NoticeDue]) -> list[str]:
    return [each.occasion.rpartition("-")[0] for each in notices]


@pytest.mark.parametrize(
    ("after", "due"),
    [
        (timedelta(0), ["asked"]),
        (3 * DAY - timedelta(seconds=1), ["asked"]),
        (3 * DAY, ["day-3"]),
        (7 * DAY - timedelta(seconds=1), ["day-3"]),
        (7 * DAY, ["day-7"]),
        (13 * DAY, ["day-7"]),
        (14 * DAY, []),
        (-DAY, []),
    ],
)
def test_a_presenter_is_asked_at_once_after_three_and_after_seven_days(after: timedelta, due: list[str]) -> None:
    assert names(now_due(chases(), ASKED + after)) == due


@given(st.timedeltas(timedelta(days=-30), timedelta(days=60)))
def test_after_any_outage_at_most_the_latest_chase_is_due(away: timedelta) -> None:
    now = ASKED + away
    due, later = now_due(chases(), now), next_due(chases(), now)
    assert len(due) <= 1
    assert later is None or later > now
    assert not due or due[0] == max((each for each in chases() if each.since <= now), key=lambda each: each.since)


@pytest.mark.parametrize("word", ["confirmed", "declined"])
def test_who_has_said_something_is_not_asked_again(word: str) -> None:
    assert chases(word=word) == []


@pytest.mark.parametrize("status", [each for each in ProposalStatus if each is not ProposalStatus.ACCEPTED])
def test_only_an_accepted_proposal_asks_its_presenters(status: ProposalStatus) -> None:
    assert list(of_confirmation(confirmation(), proposal(status=status))) == []


def test_who_presents_it_no_more_is_not_asked() -> None:
    assert list(of_confirmation(confirmation(), proposal(presenters=["p-002"]))) == []
    assert list(of_confirmation(confirmation(), None)) == []


def test_being_asked_anew_is_an_occasion_of_its_own() -> None:
    occasions = {each.occasion for asked in (ASKED, ASKED + 10 * DAY) for each in chases(asked=asked)}
    assert len(occasions) == 6


def test_each_link_that_is_wanted_is_sent_until_it_is_stale() -> None:
    [link] = of_proposal(proposal(status="drafted", begun_at=ASKED, link_wanted=ASKED))
    assert (link.kind, link.person, link.about) == (NoticeKind.EDIT_LINK, "p-001", "retrieval-practice")
    assert now_due([link], ASKED) == [link]
    assert now_due([link], ASKED + 7 * DAY) == []
    [again] = of_proposal(proposal(status="drafted", begun_at=ASKED, link_wanted=ASKED + timedelta(seconds=1)))
    assert again.ref("northgate") != link.ref("northgate")
    assert list(of_proposal(proposal(status="withdrawn", begun_at=ASKED, link_wanted=ASKED))) == []


def test_what_organisers_and_partners_enter_is_not_acknowledged() -> None:
    submitted = {"status": "submitted", "submitted_at": ASKED}
    assert list(of_proposal(proposal(**submitted))) == []
    [received] = of_proposal(proposal(**submitted, begun_at=ASKED - DAY))
    assert received.kind is NoticeKind.PROPOSAL_RECEIVED
    assert list(of_proposal(proposal(submitted_at=ASKED, begun_at=ASKED - DAY))) == []


def test_an_offer_is_told_while_there_is_time_to_answer() -> None:
    offer = Offer(person="p-002", pool=Pool.IN_PERSON, offered_at=ASKED, expires=ASKED + DAY / 2, since=ASKED - DAY)
    [told] = of_seating(Seating.model_validate(Seating.example | {"offers": [offer]}))
    assert (told.person, told.about, told.occasion) == ("p-002", "retrieval-practice", "20261201t2100z")
    assert now_due([told], offer.expires - TIME_TO_ANSWER - timedelta(seconds=1)) == [told]
    assert now_due([told], offer.expires - TIME_TO_ANSWER) == []


def test_who_left_or_was_never_enrolled_is_told_nothing() -> None:
    assert len(list(of_enrolment(Enrolment.model_validate(Enrolment.example)))) == 1
    left = {"rules": [], "left": ["hillside-in-spring"]}
    assert list(of_enrolment(Enrolment.model_validate(Enrolment.example | left))) == []


def test_a_changed_proposal_is_a_cause_for_all_its_presenters() -> None:
    ref = PROPOSAL.ref("northgate", "retrieval-practice")
    stored = Stored(ref, "accepted", proposal(presenters=["p-001", "p-002"]), 7)
    asked = [CONFIRMATION.ref("northgate", each, "retrieval-practice") for each in ("p-001", "p-002")]
    assert list(causes_of(stored)) == [ref, *asked]


def test_only_who_waits_this_minute_or_has_a_deadline_soon_gets_mail_at_night() -> None:
    soon = ASKED + timedelta(hours=2)
    urgent = {kind for kind in NoticeKind if presses(kind, soon, ASKED)}
    assert urgent == {NoticeKind.REMINDER, NoticeKind.SEAT_OFFER, NoticeKind.EDIT_LINK}
    assert presses(NoticeKind.SEAT_OFFER, soon, ASKED) == (soon,)
    assert presses(NoticeKind.EDIT_LINK, soon, ASKED) == (ASKED,)


def test_every_notice_that_is_due_can_be_a_fact() -> None:
    offer = Offer(person="p-002", pool=Pool.ONLINE, offered_at=ASKED, expires=ASKED + DAY, since=ASKED)
    begun = proposal(status="submitted", begun_at=ASKED, link_wanted=ASKED, submitted_at=ASKED)
    every = [
        *of_proposal(begun),
        *chases(),
        *of_seating(Seating.model_validate(Seating.example | {"offers": [offer]})),
        *of_enrolment(Enrolment.model_validate(Enrolment.example)),
    ]
    assert {each.kind for each in every} == {each for each in NoticeKind if not each.can_be_ended}
    for each in every:
        person, kind, about, occasion = each.ref("northgate").ids
        told = {"person": person, "kind": kind, "about": about, "occasion": occasion}
        assert Notice.model_validate(Notice.example | told).kind is each.kind

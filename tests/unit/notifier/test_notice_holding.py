"""Notices wait for what invitations wait for: a pause, a suppression, the night, a mail server that refuses us."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from notifier_samples import COMMUNITY, NOW, POLICY, contact
from seated_release import View, release, seating

from services.notifier.delivery.holding import Holding, HoldingRules, HoldReason
from services.notifier.delivery.life import Mail, NextStep
from services.notifier.delivery.outcome import Misconfigured, Sent
from services.notifier.delivery.outgoing_notice import OutgoingNotice, first_claim
from services.notifier.delivery.post import Post
from services.notifier.delivery.relay import Relay
from services.notifier.delivery.sending import paused, resumed
from services.notifier.delivery.suppression import suppressed
from services.notifier.delivery.task import SingleMail, Task
from services.notifier.replies.acquaintance import Acquaintance
from services.notifier.replies.reply_address import ReplyTarget, reply_address
from shared.bus.facts import Facts
from shared.bus.store import Write
from shared.contract.catalogue import NOTICE
from shared.contract.commands.sending import PauseSending, ResumeSending
from shared.contract.facts.notices import Notice
from shared.contract.facts.sending import SuppressionReason
from shared.contract.subjects import FactSubject, Service
from shared.links import LinkKey
from shared.time.quiet import QuietHours

KEY = LinkKey(b"k" * 32)
AMARA = contact(address="p-001@hillside.example")
NIGHT = NOW.replace(hour=23)


@dataclass
class _Surroundings:
    """What a post has around it: a view, a clock that stands, a mail server."""

    facts: Facts
    instant: datetime = NOW
    relay: Relay = field(default_factory=Relay)

    @property
    def bus(self) -> _Surroundings:
        return self

    @property
    def clock(self) -> _Surroundings:
        return self

    def now(self) -> datetime:
        return self.instant

    def post(self) -> Post:
        own = cast(Any, self)
        rules = HoldingRules(quiet=QuietHours.read("22:00-07:00"))
        return Post(own, own, Holding(self.facts, rules, KEY), POLICY)

    def may_mail(self, *starts: datetime) -> bool:
        async def asked() -> bool:
            return self.post().may_mail("northgate", AMARA, "weekly", starts)

        return asyncio.run(asked())


@pytest.fixture
def around() -> _Surroundings:
    return _Surroundings(View(release(1, "retrieval"), seating(1, "p-001")).facts)


def write(facts: Facts, writes: list[Write]) -> None:
    for each in writes:
        facts.apply(FactSubject(each.ref, each.what), each.state, facts.last_seq(Service.NOTIFIER) + 1)


def test_a_letter_waits_for_the_morning_and_a_reminder_of_what_begins_soon_does_not(around: _Surroundings) -> None:
    assert around.may_mail()
    around.instant = NIGHT
    assert not around.may_mail()
    assert not around.may_mail(NIGHT + timedelta(days=2))
    assert around.may_mail(NIGHT + timedelta(hours=24))


def test_nothing_goes_out_while_the_mail_server_is_left_alone(around: _Surroundings) -> None:
    refused = Relay().after(Misconfigured("535 authentication failed"), 1e12)
    around.relay = refused
    assert not around.may_mail()
    around.relay = refused.after(Sent("250"), 2e12)
    assert around.may_mail()


def test_nothing_goes_out_while_sending_is_paused_or_to_an_address_that_takes_no_mail(around: _Surroundings) -> None:
    write(around.facts, suppressed(around.facts, KEY, "northgate", AMARA, SuppressionReason.REFUSED, "550", NOW))
    assert not around.may_mail()
    other = _Surroundings(View(release(1, "retrieval")).facts)
    write(other.facts, paused(other.facts, "northgate", PauseSending(), NOW))
    assert not other.may_mail()


def letter(occasion: str = "2026-w49", ends_at: datetime = NOW + timedelta(days=1)) -> OutgoingNotice:
    ref = NOTICE.ref("northgate", "p-001", "digest", "weekly", occasion)
    return OutgoingNotice(ref, ends_at, lambda _: Mail("<digest@northgate.example>", "To: x"))


def claimed(around: _Surroundings, notice: OutgoingNotice, **changed: object) -> Notice:
    """As whoever claims it writes it down."""
    claim = first_claim(notice, notice.write(NOW), NOW, POLICY).model_copy(update=changed)
    around.facts.apply(FactSubject(notice.ref, str(claim.status)), claim, 1000 + claim.attempt)
    return claim


def tasks(post: Post, now: datetime = NOW) -> list[Task]:
    return [each for each in post.work(now) if isinstance(each, Task)]


def test_a_notice_waits_for_the_courier_and_is_taken_care_of_once_anybody_has_claimed_it(around: _Surroundings) -> None:
    async def handed_over() -> tuple[list[Task], bool, list[Task]]:
        post, stirred = around.post(), asyncio.Event()
        post.listen(stirred.set)
        sending = asyncio.create_task(post.send(letter()))
        await stirred.wait()
        waiting = tasks(post)
        claimed(around, letter())
        return waiting, await sending, tasks(post)

    [waiting], is_taken, after = asyncio.run(handed_over())
    assert (waiting.key, waiting.address, waiting.hold) == (letter().ref, "p-001@hillside.example", None)
    assert is_taken
    assert after == []


def test_a_notice_whose_turn_does_not_come_is_given_back_and_not_sent_behind_its_writers_back(
    around: _Surroundings,
) -> None:
    async def handed_over() -> tuple[bool, list[Task]]:
        post = around.post()
        return await post.send(letter(), patience=0.01), tasks(post)

    assert asyncio.run(handed_over()) == (False, [])


def test_what_was_told_before_is_not_handed_over_again(around: _Surroundings) -> None:
    claimed(around, letter())
    assert asyncio.run(around.post().send(letter(), patience=0.01))


def test_a_notice_that_waits_at_night_is_held_like_an_invitation_and_dropped_when_it_is_too_late(
    around: _Surroundings,
) -> None:
    async def at_night(now: datetime) -> list[Task]:
        post = around.post()
        sending = asyncio.create_task(post.send(letter()))
        await asyncio.sleep(0)
        found = tasks(post, now)
        sending.cancel()
        return found

    [waiting] = asyncio.run(at_night(NIGHT))
    assert waiting.hold is not None
    assert waiting.hold.why is HoldReason.QUIET
    assert asyncio.run(at_night(NOW + timedelta(days=2))) == []


def test_a_notice_without_an_outcome_is_finished_by_whoever_finds_it(around: _Surroundings) -> None:
    post = around.post()
    claim = claimed(around, letter())
    assert tasks(post) == []
    assert post.next_wake(NOW) == claim.deadline
    [doubt] = tasks(post, claim.deadline)
    assert (doubt.step, doubt.transmits, doubt.seq) == (NextStep.RECORD_DOUBT, False, 1001)
    claimed(around, letter(), status="deferred", attempt=2, next_attempt_at=NOW + timedelta(minutes=5))
    assert post.next_wake(NOW) == NOW + timedelta(minutes=5)
    [again] = tasks(post, NOW + timedelta(minutes=5))
    assert (again.step, again.last and again.last.attempt) == (NextStep.TRANSMIT_AGAIN, 2)
    claimed(around, letter(), status="sent", attempt=3)
    assert (tasks(post, NOW + timedelta(hours=1)), post.next_wake(NOW)) == ([], None)


def test_a_mail_of_which_no_fact_tells_waits_while_sending_is_paused_and_is_tried_once(around: _Surroundings) -> None:
    post, single = around.post(), SingleMail(COMMUNITY, "stranger@elsewhere.example", b"To: stranger")
    post.send_single(single)
    assert post.work(NOW) == [single]
    write(around.facts, paused(around.facts, "northgate", PauseSending(), NOW))
    assert post.work(NOW) == []
    write(around.facts, resumed(around.facts, "northgate", ResumeSending(), NOW))
    assert post.work(NOW) == [single]
    post.tried(single)
    assert post.work(NOW) == []


def test_a_delivery_report_about_a_weekly_letter_is_known_by_its_address() -> None:
    view = View(release(1, "retrieval"))
    acquaintance = Acquaintance(view.facts, view.book, KEY)
    notice = Notice.model_validate(Notice.example | {"person": "p-001", "kind": "digest", "about": "weekly"})
    ref = NOTICE.ref("northgate", "p-001", "digest", "weekly", "2026-w49")
    view.facts.apply(FactSubject(ref, "claimed"), notice, 1)
    address = reply_address("sessions@northgate.example", KEY, "northgate", "p-001", "weekly")
    assert acquaintance.target([address]) == ReplyTarget("northgate", "p-001", "weekly")

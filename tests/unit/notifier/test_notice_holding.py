"""Notices wait for what invitations wait for: a pause, a suppression, the night, a mail server that refuses us."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from notifier_samples import NOW, POLICY, contact
from seated_release import View, release, seating

from services.notifier.content.composing import Composer
from services.notifier.delivery.holding import Holding, HoldingRules
from services.notifier.delivery.outcome import Misconfigured, Sent
from services.notifier.delivery.quiet import QuietHours
from services.notifier.delivery.relay import Relay
from services.notifier.delivery.sending import paused
from services.notifier.delivery.suppression import suppressed
from services.notifier.notices.post import Claim, Post
from services.notifier.replies.acquaintance import Acquaintance
from services.notifier.replies.reply_address import ReplyTarget, reply_address
from shared.bus.facts import Facts
from shared.bus.store import Cause, Write
from shared.contract.catalogue import NOTICE
from shared.contract.commands.sending import PauseSending
from shared.contract.facts.notices import Notice
from shared.contract.facts.sending import SuppressionReason
from shared.contract.subjects import FactSubject
from shared.links import LinkKey

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
        composer = Composer(KEY, "https://desk.example")
        return Post(own, own, Holding(self.facts, rules, KEY), POLICY, KEY, composer)

    def may_mail(self, *starts: datetime) -> bool:
        async def asked() -> bool:
            return self.post().may_mail("northgate", AMARA, "weekly", starts)

        return asyncio.run(asked())


@pytest.fixture
def around() -> _Surroundings:
    return _Surroundings(View(release(1, "retrieval"), seating(1, "p-001")).facts)


def write(facts: Facts, writes: list[Write]) -> None:
    for each in writes:
        facts.apply(FactSubject(each.ref, each.what), each.state, 999)


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


@dataclass
class _SlowServer(_Surroundings):
    """A mail server that takes its time, and a store that keeps the outcomes."""

    outcomes: list[str] = field(default_factory=list)
    total_deadline: timedelta = timedelta(seconds=1)

    @property
    def store(self) -> _SlowServer:
        return self

    @property
    def replay(self) -> _SlowServer:
        return self

    async def caught_up(self) -> None:
        await asyncio.Event().wait()

    async def send(self, mail: bytes, *, sender: str, recipient: str) -> Sent:
        await asyncio.sleep(0.05)
        return Sent("250")

    async def append(self, cause: Cause, writes: list[Write]) -> int:
        self.outcomes += [each.what for each in writes]
        return 2


def test_a_notice_on_its_way_gets_its_outcome_although_its_sender_is_told_to_stop() -> None:
    around = _SlowServer(View(release(1, "retrieval"), seating(1, "p-001")).facts)
    changed = {"person": "p-001", "status": "claimed", "deadline": NOW + timedelta(minutes=1), "mail": "To: x"}
    notice = Notice.model_validate(Notice.example | changed)

    async def stopped_at_once() -> None:
        post = around.post()
        async with post.running():
            claim = Claim(NOTICE.ref("northgate", "p-001", "digest", "weekly", "2026-w49"), notice, 1)
            sender = asyncio.create_task(post.transmit(claim))
            await asyncio.sleep(0.01)
            sender.cancel()

    asyncio.run(stopped_at_once())
    assert around.outcomes == ["sent"]


def test_a_delivery_report_about_a_weekly_letter_is_known_by_its_address() -> None:
    view = View(release(1, "retrieval"))
    acquaintance = Acquaintance(view.facts, view.book, KEY)
    notice = Notice.model_validate(Notice.example | {"person": "p-001", "kind": "digest", "about": "weekly"})
    ref = NOTICE.ref("northgate", "p-001", "digest", "weekly", "2026-w49")
    view.facts.apply(FactSubject(ref, "claimed"), notice, 1)
    address = reply_address("sessions@northgate.example", KEY, "northgate", "p-001", "weekly")
    assert acquaintance.target([address]) == ReplyTarget("northgate", "p-001", "weekly")

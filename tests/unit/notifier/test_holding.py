"""What holds messages that are due: suppressions, pauses, settling; and what is asked for again afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from notifier_samples import NOW, POLICY, contact
from seated_release import START, View, release, seating

from services.notifier.delivery.agenda import all_tasks, next_wake, tasks
from services.notifier.delivery.holding import Holding, HoldingRules, HoldReason
from services.notifier.delivery.outcome import Deferred, Refused
from services.notifier.delivery.reporting import delivery
from services.notifier.delivery.sending import paused, resumed
from services.notifier.delivery.suppression import is_suppressed, lifted, listed, suppressed
from services.notifier.delivery.task import Task
from shared.bus.store import Write
from shared.contract.catalogue import SEATING
from shared.contract.commands.notifier import AskDelivery, Delivery
from shared.contract.commands.sending import LiftSuppression, PauseSending, ResumeSending
from shared.contract.facts.registrations import Contact
from shared.contract.facts.sending import SuppressionReason
from shared.contract.results import Rejection
from shared.contract.subjects import FactSubject
from shared.links import LinkKey

KEY = LinkKey(b"k" * 32)
LATER = NOW + timedelta(hours=1)
AMARA = contact(person="p-001", address="p-001@hillside.example")


class Held(View):
    """A view with what holds messages."""

    rules = HoldingRules()

    @property
    def holding(self) -> Holding:
        return Holding(self.facts, self.rules, KEY)

    def write(self, writes: list[Write]) -> None:
        for each in writes:
            self._seq += 1
            self.facts.apply(FactSubject(each.ref, each.what), each.state, self._seq)

    def all(self, now: datetime = NOW) -> list[Task]:
        return all_tasks(self.facts, self.book, now, POLICY, self.holding)

    def going(self, now: datetime = NOW) -> list[str]:
        return [task.contact.person for task in tasks(self.facts, self.book, now, POLICY, self.holding)]

    def suppress(self, who: Contact = AMARA) -> None:
        self.write(suppressed(self.facts, KEY, "northgate", who, SuppressionReason.REFUSED, "550", NOW))

    def told(self, now: datetime = NOW) -> Delivery:
        question = AskDelivery(programme="spring", release=1)
        return delivery(self.facts, self.book, "northgate", question, now, POLICY, self.holding)


@pytest.fixture
def view() -> Held:
    return Held(release(1, "retrieval"), seating(1, "p-001", "p-002"))


def test_nothing_is_sent_to_a_suppressed_address_and_the_rest_goes_out(view: Held) -> None:
    view.suppress()
    assert view.going() == ["p-002"]
    assert [task.hold.why for task in view.all() if task.hold] == [HoldReason.SUPPRESSED]


def test_who_is_suppressed_holds_up_no_release_and_is_named(view: Held) -> None:
    view.suppress()
    assert (view.told().waiting, [each.person for each in view.told().undelivered]) == (1, ["p-001"])


def test_doing_it_again_changes_nothing_and_the_fact_does_not_tell_the_address(view: Held) -> None:
    first = suppressed(view.facts, KEY, "northgate", AMARA, SuppressionReason.BOUNCED, "5.1.1", NOW)
    view.write(first)
    assert suppressed(view.facts, KEY, "northgate", AMARA, SuppressionReason.REFUSED, "550", NOW) == []
    assert "p-001@" not in first[0].state.model_dump_json()
    assert "hillside" not in first[0].state.model_dump_json()


def test_a_new_address_is_mailed_and_another_spelling_is_not_new(view: Held) -> None:
    view.suppress()
    assert is_suppressed(view.facts, KEY, "northgate", contact(person="p-001", address="P-001@Hillside.Example"))
    assert not is_suppressed(view.facts, KEY, "northgate", contact(person="p-001", address="amara@new.example"))


def refused(view: Held) -> None:
    """Everybody's message was refused, and amara's address suppressed."""
    view.transmit(Refused("550 5.1.1 no such user"))
    view.write(suppressed(view.facts, KEY, "northgate", AMARA, SuppressionReason.REFUSED, "550", LATER))


def test_what_was_refused_goes_out_once_more_when_the_suppression_is_lifted(view: Held) -> None:
    refused(view)
    assert view.going(LATER) == []
    view.write(lifted(view.facts, "northgate", LiftSuppression(person="p-001"), LATER))
    [task] = view.all(LATER)
    assert task.message is not None
    assert (task.message.person, task.message.n, task.message.sequence) == ("p-001", 2, 0)


def test_what_was_refused_goes_out_once_more_to_a_corrected_address(view: Held) -> None:
    refused(view)
    view.know(Contact(person="p-001", name="Amara", address="amara@new.example", zone="Europe/London"))
    assert view.going(LATER) == ["p-001"]


def test_what_a_delivery_report_came_back_for_goes_out_once_more_to_a_corrected_address(view: Held) -> None:
    view.transmit()
    view.write(suppressed(view.facts, KEY, "northgate", AMARA, SuppressionReason.BOUNCED, "5.1.1", LATER))
    assert view.going(LATER) == []
    view.know(Contact(person="p-001", name="Amara", address="amara@new.example", zone="Europe/London"))
    assert view.going(LATER) == ["p-001"]


def test_who_got_everything_is_not_mailed_again_when_a_refusal_is_lifted(view: Held) -> None:
    view.transmit()
    view.write(suppressed(view.facts, KEY, "northgate", AMARA, SuppressionReason.REFUSED, "550", LATER))
    view.write(lifted(view.facts, "northgate", LiftSuppression(person="p-001"), LATER))
    assert view.going(LATER) == []


def test_only_who_was_suppressed_can_be_lifted_and_a_second_time_changes_nothing(view: Held) -> None:
    with pytest.raises(Rejection, match="person is not suppressed"):
        lifted(view.facts, "northgate", LiftSuppression(person="p-001"), LATER)
    view.suppress()
    assert [each.person for each in listed(view.facts, "northgate").people] == ["p-001"]
    view.write(lifted(view.facts, "northgate", LiftSuppression(person="p-001"), LATER))
    assert lifted(view.facts, "northgate", LiftSuppression(person="p-001"), LATER) == []
    assert listed(view.facts, "northgate").people == ()


def test_a_paused_community_sends_nothing_new_and_nothing_again(view: Held) -> None:
    view.transmit(Deferred("451 later"))
    view.know(release(2, "retrieval"), seating(2, "p-001"))
    view.write(paused(view.facts, "northgate", PauseSending(reason="wait"), NOW))
    assert view.going(LATER) == []
    assert {task.hold.why for task in view.all(LATER) if task.hold} == {HoldReason.PAUSED}
    assert view.told().paused
    view.write(resumed(view.facts, "northgate", ResumeSending(), NOW))
    assert view.going(LATER)
    assert resumed(view.facts, "northgate", ResumeSending(), NOW) == []


def test_a_doubt_is_recorded_although_sending_is_paused(view: Held) -> None:
    for message in view.due():
        view.claim(message)
    view.write(paused(view.facts, "northgate", PauseSending(), NOW))
    assert sorted(view.going(LATER)) == ["p-001", "p-002"]
    assert not any(task.transmits for task in view.all(LATER))


def test_seats_that_were_just_decided_settle_first_and_it_wakes_for_them(view: Held) -> None:
    view.rules = HoldingRules(settle=timedelta(minutes=5))
    ref = SEATING.ref("northgate", "retrieval")
    view.facts.apply(FactSubject(ref, "seated"), seating(1, "p-001"), 99, NOW)
    assert view.going() == []
    assert next_wake(view.facts, view.book, NOW, POLICY, view.all()) == NOW + timedelta(minutes=5)
    assert view.going(NOW + timedelta(minutes=5)) == ["p-001"]


def test_a_session_that_begins_soon_or_leaves_a_near_time_waits_for_nothing(view: Held) -> None:
    view.transmit()
    view.rules = HoldingRules(settle=timedelta(hours=9))
    soon = START - timedelta(hours=3)
    view.know(release(2, "retrieval", hours=900))
    ref = SEATING.ref("northgate", "retrieval")
    view.facts.apply(FactSubject(ref, "seated"), seating(2, "p-001", "p-002"), 99, soon)
    assert view.going(soon) == ["p-001", "p-002"]
    assert view.going(START - timedelta(days=30)) == []

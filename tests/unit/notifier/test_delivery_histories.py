"""Any history of seats, moves, outcomes and crashes, judged by a calendar that receives what arrives."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from notifier_samples import NOW, POLICY, entry

from services.notifier.delivery.life import (
    Mail,
    NextStep,
    claimed_again,
    decided,
    expired,
    next_step,
    wakes_at,
)
from services.notifier.delivery.outcome import Deferred, InDoubt, Refused, Sent
from services.notifier.planning.answers import Key
from services.notifier.planning.correspondence import Correspondence, followed
from services.notifier.planning.message import Calendars
from services.notifier.planning.messages_due import claimed, due
from shared.contract.facts.notifier import CalendarEntry, Invite, InviteStatus, Method

KEY: Key = ("p-001", "retrieval")
SESSION = frozenset({"retrieval"})

WISHES = st.sampled_from(
    [
        Calendars(off=SESSION),
        Calendars(placed=SESSION),
        Calendars({KEY: entry()}, placed=SESSION),
        Calendars({KEY: entry(title="Other")}, placed=SESSION),
        Calendars({KEY: entry(location="Hall")}, placed=SESSION),
        Calendars({KEY: entry(start=entry().start + timedelta(days=1))}, placed=SESSION),
        Calendars(),
    ]
)


@dataclass(frozen=True)
class Fate:
    """What happens to one transmission: how it ends for the sender (None: a crash), and whether the mail arrives."""

    outcome: Sent | Refused | Deferred | InDoubt | None
    arrives: bool


FATES = st.sampled_from(
    [
        Fate(Sent("250"), arrives=True),
        Fate(Refused("550"), arrives=False),
        Fate(Deferred("451"), arrives=False),
        *(Fate(outcome, arrives) for outcome in (InDoubt("silence"), None) for arrives in (True, False)),
    ]
)
HISTORIES = st.lists(st.tuples(WISHES, st.lists(FATES, max_size=4)), min_size=1, max_size=8)


@dataclass
class Receiver:
    """A calendar that follows RFC 5546: nothing older than what it has already seen."""

    sequence: int = -1
    holds: CalendarEntry | None = None
    mails: list[str] = field(default_factory=list)

    def receive(self, claim: Invite) -> None:
        assert claim.mail is not None
        self.mails.append(claim.mail)
        if claim.sequence >= self.sequence:
            self.sequence = claim.sequence
            self.holds = claim.entry if claim.method is Method.REQUEST else None


@dataclass
class Notifier:
    """The wiring in small: one step at a time, every fact kept."""

    receiver: Receiver = field(default_factory=Receiver)
    facts: list[Invite] = field(default_factory=list)
    now: datetime = NOW

    @property
    def past(self) -> Correspondence | None:
        return followed(self.facts).get(KEY)

    def work(self, wished: Calendars, fates: list[Fate]) -> None:
        """Do what is due until nothing is, or the fates are used up."""
        remaining = list(fates)
        while remaining and (claim := self._claim(wished)) is not None:
            fate = remaining.pop(0)
            self.facts.append(claim)
            if fate.arrives:
                self.receiver.receive(claim)
            if fate.outcome is not None:
                self.facts.append(decided(claim, fate.outcome, self.now, POLICY))

    def _claim(self, wished: Calendars) -> Invite | None:
        past = self.past
        if past is not None:
            self.now = max(self.now, wakes_at(past.last) or self.now)
            match next_step(past.last, self.now, POLICY):
                case NextStep.RECORD_DOUBT:
                    self.facts.append(expired(past.last, self.now, POLICY))
                    return self._claim(wished)
                case NextStep.TRANSMIT_AGAIN:
                    return claimed_again(past.last, self._bytes(past.last), self.now, POLICY)
        messages = due(wished, {KEY: past} if past else {}, self.now, POLICY)
        if not messages:
            return None
        [message] = messages
        text = f"{message.n} {message.sequence}"
        return claimed(message, Mail(f"<{text}>", text), self.now, POLICY)

    def _bytes(self, last: Invite) -> str:
        return next(fact.mail for fact in self.facts if fact.n == last.n and fact.mail)


def _played(history: list[tuple[Calendars, list[Fate]]]) -> Notifier:
    notifier = Notifier()
    for wished, fates in history:
        notifier.work(wished, fates)
    return notifier


@settings(max_examples=150, deadline=None)
@given(HISTORIES)
def test_sequence_grows_strictly_from_message_to_message(history: list[tuple[Calendars, list[Fate]]]) -> None:
    firsts = [fact for fact in _played(history).facts if fact.status is InviteStatus.CLAIMED and fact.attempt == 1]
    sequences = [fact.sequence for fact in firsts]
    assert sequences == sorted(set(sequences))
    assert [fact.n for fact in firsts] == list(range(1, len(firsts) + 1))


@settings(max_examples=150, deadline=None)
@given(HISTORIES)
def test_a_mail_arrives_at_most_twice_and_a_second_time_only_after_a_recorded_doubt(
    history: list[tuple[Calendars, list[Fate]]],
) -> None:
    notifier = _played(history)
    for mail in set(notifier.receiver.mails):
        assert notifier.receiver.mails.count(mail) <= 2
    for fact in notifier.facts:
        if fact.status is InviteStatus.CLAIMED and fact.attempt > 1:
            before = [each for each in notifier.facts[: notifier.facts.index(fact)] if each.n == fact.n][-1]
            assert before.status in {InviteStatus.IN_DOUBT, InviteStatus.DEFERRED}
            assert before.doubts == fact.doubts <= 1


@settings(max_examples=150, deadline=None)
@given(HISTORIES, WISHES.filter(lambda wished: bool(wished.placed or wished.off)))
def test_with_a_server_that_works_the_calendar_comes_to_hold_what_it_should(
    history: list[tuple[Calendars, list[Fate]]], wished: Calendars
) -> None:
    notifier = _played(history)
    notifier.work(wished, [Fate(Sent("250"), arrives=True)] * 20)
    past = notifier.past
    if past is None:
        assert not wished.entries
        return
    if past.last.status is InviteStatus.SENT:
        wanted = wished.entries.get(KEY)
        held = notifier.receiver.holds
        assert (held and (held.start, held.location)) == (wanted and (wanted.start, wanted.location))
    else:
        assert past.last.status in {InviteStatus.REFUSED, InviteStatus.IN_DOUBT}
    assert due(wished, {KEY: past}, notifier.now, POLICY) == []

"""B2: SEQUENCE over any history of a UID, single or series, answered, refreshed, refused or cancelled."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from notifier_samples import entry
from planned_messages import SESSION, Story, cancelled, components, moved, series, with_changed

from services.notifier.delivery.outcome import Deferred, InDoubt, Outcome, Refused, Sent
from services.notifier.planning.message import MessageDue
from shared.contract.facts.notifier import CalendarEntry, CancelKind, Method
from shared.contract.facts.replies import PartStat

PERSON = "p-a"
KEY = (PERSON, SESSION)
SERIES = series()
WANTED = st.sampled_from(
    [
        None,
        entry(),
        entry(title="Other"),
        entry(location="Hall"),
        entry(start=entry().start + timedelta(hours=1)),
        SERIES,
        with_changed(SERIES, moved(SERIES, 1)),
        with_changed(SERIES, cancelled(SERIES, 1)),
        with_changed(SERIES, cancelled(SERIES, 1), moved(SERIES, 2)),
        with_changed(SERIES, *(moved(SERIES, number) for number in range(4))),
    ]
)
OUTCOMES = st.sampled_from([Sent("250"), Sent("250"), Refused("550"), Deferred("451"), InDoubt("silence")])


class Calendar:
    """A calendar that follows RFC 5546: for each component, a lower SEQUENCE is old."""

    def __init__(self) -> None:
        self.sequences: dict[object, int] = {}

    def receive(self, message: MessageDue) -> None:
        before = dict(self.sequences)
        for component in components(message):
            recurrence = component.get("RECURRENCE-ID")
            name = recurrence.dt if recurrence is not None else None
            known = max(before.get(name, -1), before.get(None, -1))
            if message.again:
                assert component["SEQUENCE"] >= known
            else:
                assert component["SEQUENCE"] > known, "a change that calendars take for an old one"
            self.sequences[name] = component["SEQUENCE"]


class Histories(RuleBasedStateMachine):
    """One person, one session, whatever happens."""

    def __init__(self) -> None:
        super().__init__()
        self.story = Story()
        self.calendar = Calendar()
        self.messages: list[MessageDue] = []
        self.wanted: CalendarEntry | None = None

    @rule(wanted=WANTED, off=st.booleans())
    def the_plan_changes(self, wanted: CalendarEntry | None, off: bool) -> None:
        self.wanted = wanted
        self.story.wants(wanted, PERSON, off=off and wanted is None)

    @rule(outcome=OUTCOMES)
    def what_is_due_goes_out(self, outcome: Outcome) -> None:
        for message in self.story.due():
            self.story.now += timedelta(minutes=1)
            self.story.transmit(message, outcome)
            self.messages.append(message)
            if not isinstance(outcome, (Refused, Deferred)):
                self.calendar.receive(message)

    @precondition(lambda self: self.story.sent)
    @rule(partstat=st.sampled_from([None, *PartStat]), refresh=st.booleans(), counter=st.booleans())
    def the_person_answers(self, partstat: PartStat | None, refresh: bool, counter: bool) -> None:
        later = self.story.now + timedelta(minutes=1)
        asked = {"refresh_asked_at": later if refresh else None, "counter_declined_at": later if counter else None}
        self.story.answered(PERSON, partstat, **asked)

    @invariant()
    def sequence_is_strictly_monotone(self) -> None:
        changes = [each.sequence for each in self.messages if not each.again]
        assert changes == sorted(set(changes))
        highest = -1
        for each in self.messages:
            assert each.sequence == highest if each.again else each.sequence > highest
            highest = each.sequence

    @invariant()
    def numbers_have_no_gap(self) -> None:
        assert [each.n for each in self.messages] == list(range(1, len(self.messages) + 1))

    @invariant()
    def only_cancellations_say_what_they_cancel(self) -> None:
        for each in self.messages:
            assert (each.cancels is not None) == (each.method is Method.CANCEL)
            assert (each.cancels is CancelKind.OCCURRENCE) <= (each.occurrence is not None)

    def teardown(self) -> None:
        """With a server that works, all comes to rest."""
        for _ in range(20):
            if not self.story.due():
                return
            self.what_is_due_goes_out(outcome=Sent("250"))
        raise AssertionError("there is always another message due")


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)

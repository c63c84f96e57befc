"""Answers to a weekly series, for all of its dates or for one, and what calendars are told because of them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from notifier_samples import NOW
from seated_release import START, View, person, seating
from weekly_knots import (
    DATES,
    KNOTS,
    by_link,
    each_date,
    go_out,
    invited,
    moved_once,
    planned,
    replied,
    reply_of,
    seats,
)

from services.notifier.replies.acquaintance import Acquaintance
from services.notifier.replies.answering import shown
from services.notifier.replies.deciding import quarantine_decided
from services.notifier.replies.listing import listed
from shared.contract.commands.replies import AskAnswer, AskReplies, DecideQuarantine
from shared.contract.facts.notifier import CancelKind, Method
from shared.contract.facts.registrations import Place
from shared.contract.facts.replies import Answered, CounterProposal, PartStat, Quarantined
from shared.contract.results import Rejection
from shared.links import LinkKey


@pytest.fixture
def view() -> View:
    return invited()


def test_a_no_by_mail_to_one_date_gives_that_seat_back_and_tells_the_calendar_nothing(view: View) -> None:
    replied(view, "p-001", PartStat.DECLINED, DATES[1])
    one, others = reply_of(view, "p-001", KNOTS[1]), [reply_of(view, "p-001", each) for each in ("knots", *KNOTS[2:])]
    assert one is not None
    assert (one.partstat, one.start, others) == (PartStat.DECLINED, DATES[1], [None, None, None])
    view.know(*seats(1, "p-001", "p-002", without={KNOTS[1]: ("p-001",)}))
    assert view.due() == []


def test_a_no_by_mail_to_the_series_is_one_to_every_date(view: View) -> None:
    replied(view, "p-001", PartStat.DECLINED)
    found = {session: reply_of(view, "p-001", session) for session in ("knots", *KNOTS)}
    assert {session: each.start for session, each in found.items() if each is not None} == {
        "knots": START, **dict(each_date()),
    }  # fmt: skip
    assert {each.partstat for each in found.values() if each is not None} == {PartStat.DECLINED}
    # The seats go one after the other; the calendar shows the no already.
    view.know(seats(1, "p-002")[0])
    assert view.due() == []
    view.know(*seats(1, "p-002"))
    assert view.due() == []


def test_a_yes_to_the_series_leaves_a_later_no_to_one_date_alone(view: View) -> None:
    replied(view, "p-001", PartStat.DECLINED, DATES[1], now=NOW + timedelta(minutes=9))
    replied(view, "p-001", PartStat.ACCEPTED, now=NOW + timedelta(minutes=5))
    assert [each.partstat if (each := reply_of(view, "p-001", session)) else None for session in KNOTS] == [
        PartStat.ACCEPTED, PartStat.DECLINED, PartStat.ACCEPTED, PartStat.ACCEPTED,
    ]  # fmt: skip


def test_an_answer_that_names_no_date_of_the_series_changes_nothing(view: View) -> None:
    replied(view, "p-001", PartStat.DECLINED, DATES[1] + timedelta(hours=1))
    whole = reply_of(view, "p-001", "knots")
    assert whole is not None
    assert (whole.partstat, whole.ignored) == (None, 1)
    assert [reply_of(view, "p-001", session) for session in KNOTS] == [None] * 4


def test_o11_a_no_by_link_to_one_date_takes_that_date_out_of_the_calendar(view: View) -> None:
    assert [each.session for each in by_link(view, KNOTS[1], "declined")] == [KNOTS[1]]
    view.know(*seats(1, "p-001", "p-002", without={KNOTS[1]: ("p-001",)}))
    [cancel] = go_out(view)
    assert (cancel.person, cancel.cancels, cancel.occurrence) == ("p-001", CancelKind.OCCURRENCE, DATES[1])
    assert cancel.entry.occurrence(DATES[1]).given_back


def test_a_date_that_was_given_back_may_be_asked_for_again(view: View) -> None:
    by_link(view, KNOTS[1], "declined")
    view.know(*seats(1, "p-001", "p-002", without={KNOTS[1]: ("p-001",)}))
    go_out(view)
    question = AskAnswer(person="p-001", session=KNOTS[1], generation=1)
    assert shown(view.facts, view.book, "northgate", question, NOW).open
    assert [each.partstat for each in by_link(view, KNOTS[1], "accepted")] == [PartStat.ACCEPTED]


def test_a_date_that_is_off_can_no_longer_be_answered(view: View) -> None:
    left = [each for each in seats(2, "p-001", "p-002") if each.session != KNOTS[2]]
    view.know(planned(2, part_3=None), *left, seating(2, session=KNOTS[2], proposal="knots"))
    go_out(view)
    with pytest.raises(Rejection):
        by_link(view, KNOTS[2], "accepted")


def test_a_yes_by_link_to_the_series_is_one_to_the_dates_that_the_person_has(view: View) -> None:
    by_link(view, KNOTS[1], "declined")
    view.know(*seats(1, "p-001", "p-002", without={KNOTS[1]: ("p-001",)}))
    go_out(view)
    assert [each.session for each in by_link(view, "knots", "accepted")] == ["knots", KNOTS[0], *KNOTS[2:]]


def test_a_seat_that_was_taken_again_counts_although_its_person_had_said_no(view: View) -> None:
    by_link(view, KNOTS[1], "declined")
    view.know(*seats(1, "p-001", "p-002", without={KNOTS[1]: ("p-001",)}))
    go_out(view)
    view.know(*seats(1, "p-001", "p-002"))
    [again] = view.due()
    assert (again.person, again.occurrence, again.entry.changed) == ("p-001", None, ())


def test_what_is_listed_for_the_organiser_counts_answers_by_date(view: View) -> None:
    replied(view, "p-001", PartStat.ACCEPTED)
    replied(view, "p-002", PartStat.DECLINED, DATES[1])
    told = listed(view.facts, view.book, "northgate", AskReplies(programme="spring"))
    counts = {each.session: (each.accepted, each.declined, each.unanswered) for each in told.sessions}
    assert {session: counts[session] for session in KNOTS} == {
        KNOTS[0]: (1, 0, 1), KNOTS[1]: (1, 1, 0), KNOTS[2]: (1, 0, 1), KNOTS[3]: (1, 0, 1),
    }  # fmt: skip


def test_another_time_for_a_series_waits_for_the_organiser(view: View) -> None:
    proposed = CounterProposal(start=START + timedelta(days=1), minutes=60, at=NOW)
    view.know(Answered(person="p-001", session="knots", counter=proposed))
    told = listed(view.facts, view.book, "northgate", AskReplies(programme="spring"))
    assert [(each.person, each.session) for each in told.counters] == [("p-001", "knots")]


@pytest.mark.parametrize("recurrence", [None, DATES[2]])
def test_a_calendar_answers_with_the_sequence_that_it_has_although_another_date_has_moved_since(
    view: View, recurrence: datetime | None
) -> None:
    moved_once(view)
    replied(view, "p-001", PartStat.DECLINED, recurrence, sequence=0)
    answer = reply_of(view, "p-001", KNOTS[2])
    assert answer is not None
    assert (answer.partstat, answer.obsolete) == (PartStat.DECLINED, 0)


def test_an_answer_to_a_date_from_before_it_moved_is_obsolete(view: View) -> None:
    moved_once(view)
    replied(view, "p-001", PartStat.DECLINED, DATES[1], sequence=0)
    answer = reply_of(view, "p-001", KNOTS[1])
    assert answer is not None
    assert (answer.partstat, answer.obsolete) == (None, 1)


def test_who_declined_the_series_and_comes_to_one_date_hears_of_that_date(view: View) -> None:
    replied(view, "p-001", PartStat.DECLINED)
    gone = dict.fromkeys(KNOTS, ("p-001",))
    view.know(*seats(1, "p-001", "p-002", without=gone))
    replied(view, "p-001", PartStat.ACCEPTED, DATES[2], now=NOW + timedelta(minutes=9))
    del gone[KNOTS[2]]
    view.know(*seats(1, "p-001", "p-002", without=gone))
    assert view.due() == []
    later = DATES[2] + timedelta(days=1)
    view.know(planned(2, part_3=later), *seats(2, "p-001", "p-002", without=gone))
    mine = [each for each in go_out(view) if each.person == "p-001"]
    assert [(each.method, each.occurrence) for each in mine] == [(Method.REQUEST, DATES[2])]


def test_a_presenter_who_declined_the_series_hears_of_another_time(view: View) -> None:
    view.know(*seats(1, "p-001", "p-002", "p-009"), person("p-009"))
    go_out(view)
    replied(view, "p-009", PartStat.DECLINED)
    view.know(planned(2, part_2=DATES[1] + timedelta(days=1)), *seats(2, "p-001", "p-002", "p-009"))
    assert ("p-009", DATES[1]) in {(each.person, each.occurrence) for each in go_out(view)}


def test_a_date_that_was_declined_stays_out_of_the_next_whole_message(view: View) -> None:
    replied(view, "p-001", PartStat.DECLINED, DATES[1])
    without, hall = {KNOTS[1]: ("p-001",)}, Place(name="Hall", site="Hillside School")
    moved = [each.model_copy(update={"place": hall}) for each in seats(1, "p-001", "p-002", without=without)]
    view.know(*moved)
    [mine] = [each for each in go_out(view) if each.person == "p-001"]
    [out] = mine.entry.changed
    assert (mine.occurrence, out.original, out.cancelled) == (None, DATES[1], True)
    assert view.due() == []


def test_a_declined_date_that_moves_or_is_off_is_not_told_to_who_declined_it(view: View) -> None:
    replied(view, "p-001", PartStat.DECLINED, DATES[1])
    without = {KNOTS[1]: ("p-001",)}
    view.know(*seats(1, "p-001", "p-002", without=without))
    view.know(planned(2, part_2=DATES[1] + timedelta(days=1)), *seats(2, "p-001", "p-002", without=without))
    assert {each.person for each in go_out(view)} == {"p-002"}
    left = [each for each in seats(3, "p-001", "p-002") if each.session != KNOTS[1]]
    view.know(planned(3, part_2=None), *left, seating(3, session=KNOTS[1], proposal="knots"))
    assert {each.person for each in go_out(view)} == {"p-002"}


def test_who_declines_date_by_date_is_told_nothing(view: View) -> None:
    for minutes, date in enumerate(DATES, start=1):
        replied(view, "p-001", PartStat.DECLINED, date, now=NOW + timedelta(minutes=minutes))
    view.know(*seats(1, "p-002"))
    assert view.due() == []


def test_a_yes_by_link_after_a_no_in_the_calendar_brings_that_date_back(view: View) -> None:
    replied(view, "p-001", PartStat.DECLINED, DATES[1])
    without = {KNOTS[1]: ("p-001",)}
    view.know(*seats(1, "p-001", "p-002", without=without))
    by_link(view, KNOTS[1], "accepted")
    view.know(*seats(1, "p-001", "p-002"))
    [again] = go_out(view)
    assert (again.person, again.occurrence, again.partstat) == ("p-001", DATES[1], PartStat.ACCEPTED)


def test_a_yes_by_mail_after_a_no_by_link_asks_for_the_date_again(view: View) -> None:
    by_link(view, KNOTS[1], "declined")
    view.know(*seats(1, "p-001", "p-002", without={KNOTS[1]: ("p-001",)}))
    go_out(view)
    replied(view, "p-001", PartStat.ACCEPTED, DATES[1], now=NOW + timedelta(minutes=9))
    answer = reply_of(view, "p-001", KNOTS[1])
    assert answer is not None
    assert answer.partstat is PartStat.ACCEPTED


def test_a_refresh_is_answered_after_a_date_that_was_given_back_is_off(view: View) -> None:
    by_link(view, KNOTS[1], "declined")
    view.know(*seats(1, "p-001", "p-002", without={KNOTS[1]: ("p-001",)}))
    go_out(view)
    left = [each for each in seats(2, "p-001", "p-002") if each.session != KNOTS[1]]
    view.know(planned(2, part_2=None), *left, seating(2, session=KNOTS[1], proposal="knots"))
    go_out(view)
    view.know(Answered(person="p-001", session="knots", refresh_asked_at=NOW + timedelta(minutes=20)))
    assert [(each.person, each.again) for each in view.due()] == [("p-001", True)]


def test_another_room_on_one_date_leaves_the_answer_what_it_was(view: View) -> None:
    replied(view, "p-001", PartStat.ACCEPTED)
    hall = Place(name="Hall", site="Hillside School")
    view.know(seats(1, "p-001", "p-002")[1].model_copy(update={"place": hall}))
    told = {each.person: each.partstat for each in go_out(view)}
    assert told == {"p-001": PartStat.ACCEPTED, "p-002": None}


def test_a_no_to_the_series_in_its_third_week_is_none_to_the_weeks_before(view: View) -> None:
    replied(view, "p-001", PartStat.DECLINED, now=DATES[2] - timedelta(days=1))
    said = [reply_of(view, "p-001", session) for session in KNOTS]
    assert [each is not None for each in said] == [False, False, True, True]


def test_what_the_organiser_admits_of_one_date_is_about_that_date(view: View) -> None:
    case = Quarantined(
        person="p-001", id="c-1", reason="unproven", why="-", session="knots", sender="p-001@hillside.example",
        partstat="declined", recurrence=DATES[2], at=NOW,
    )  # fmt: skip
    view.know(case)
    known = Acquaintance(view.facts, view.book, LinkKey(b"k" * 32))
    command = DecideQuarantine(person="p-001", id="c-1", decision="admit")
    _, *writes = quarantine_decided(view.facts, known, "northgate", command, NOW)
    assert [(each.ref.ids, each.state.partstat) for each in writes] == [(("p-001", KNOTS[2]), PartStat.DECLINED)]

"""A weekly series from its seats to the messages: one entry for all dates, and single dates that differ."""

from __future__ import annotations

import email
import re
from datetime import timedelta

import pytest
from notifier_samples import COMMUNITY, NOW, POLICY
from seated_release import LIBRARY, START, View, person, proposal, seating
from weekly_knots import (
    DATES,
    KNOTS,
    WEEK,
    go_out,
    invited,
    moved_once,
    planned,
    seats,
    shown_to,
)

from services.notifier.content.composing import Composer
from services.notifier.content.letter import letter
from services.notifier.delivery.agenda import calendars, seats_held, tasks
from services.notifier.delivery.reporting import delivery
from services.notifier.delivery.settling import Settling
from services.notifier.planning.message import MessageDue
from services.notifier.replies.answering import shown
from shared.contract.catalogue import SEATING
from shared.contract.commands.notifier import AskDelivery
from shared.contract.commands.replies import AskAnswer
from shared.contract.facts.notifier import CancelKind, Method
from shared.contract.facts.scheduler import Placement, Release
from shared.contract.subjects import FactSubject
from shared.links import LinkKey


@pytest.fixture
def view() -> View:
    return invited()


def test_a_series_is_one_invitation_for_all_its_dates() -> None:
    fresh = View(proposal("knots", parts=4, weekly=True), planned(1), *seats(1, "p-001"))
    [invited] = fresh.due()
    assert (invited.session, invited.method, invited.sequence) == ("knots", Method.REQUEST, 0)
    assert (invited.entry.dates, invited.entry.sessions) == (DATES, KNOTS)
    assert "part" not in invited.entry.title


def test_reminders_know_each_date(view: View) -> None:
    assert {session for _, session in seats_held(view.facts, "northgate").entries} == set(KNOTS)


def test_a_series_is_waited_for_until_all_its_seats_are_made() -> None:
    *first, last = seats(1, "p-001")
    waiting = View(proposal("knots", parts=4, weekly=True), planned(1), *first)
    assert waiting.due() == []
    waiting.know(last)
    assert [each.entry.dates for each in waiting.due()] == [DATES]


def test_a_date_that_moves_is_told_alone_to_everybody(view: View) -> None:
    view.know(planned(2, part_2=DATES[1] + timedelta(days=1)), *seats(2, "p-001", "p-002"))
    gone = go_out(view)
    assert {(each.person, each.method, each.occurrence, each.sequence) for each in gone} == {
        ("p-001", Method.REQUEST, DATES[1], 1),
        ("p-002", Method.REQUEST, DATES[1], 1),
    }
    assert {each.entry.occurrence(DATES[1]).start for each in gone} == {DATES[1] + timedelta(days=1)}


def test_a_date_that_is_called_off_is_cancelled_alone(view: View) -> None:
    left = [
        each.model_copy(update={"people": () if each.session == KNOTS[2] else each.people})
        for each in seats(2, "p-001")
    ]
    view.know(planned(2, part_3=None), *left)
    gone = {each.person: each for each in go_out(view)}
    assert (gone["p-001"].method, gone["p-001"].cancels, gone["p-001"].occurrence) == (
        Method.CANCEL, CancelKind.OCCURRENCE, DATES[2],
    )  # fmt: skip
    assert not gone["p-001"].entry.occurrence(DATES[2]).given_back
    assert (gone["p-002"].cancels, gone["p-002"].occurrence) == (CancelKind.SEAT, None)


def test_a_series_that_leaves_the_programme_is_cancelled_whole(view: View) -> None:
    view.know(planned(2, part_1=None, part_2=None, part_3=None, part_4=None), *seats(2))
    assert {(each.person, each.cancels, each.occurrence) for each in go_out(view)} == {
        ("p-001", CancelKind.SESSION, None),
        ("p-002", CancelKind.SESSION, None),
    }


def test_o9_who_has_no_seat_on_one_date_is_invited_to_the_others() -> None:
    held = View(proposal("knots", parts=4, weekly=True), planned(1), *seats(1, "p-001", without={KNOTS[1]: ("p-001",)}))
    [invited] = held.due()
    [missing] = invited.entry.changed
    assert (missing.original, missing.cancelled, missing.given_back) == (DATES[1], True, True)


def test_the_page_behind_a_link_tells_all_dates_or_the_one(view: View) -> None:
    whole = shown(view.facts, view.book, "northgate", AskAnswer(person="p-001", session="knots", generation=1), NOW)
    one = shown(view.facts, view.book, "northgate", AskAnswer(person="p-001", session=KNOTS[2], generation=1), NOW)
    assert (whole.start, whole.dates) == (START, DATES)
    assert (one.start, one.dates) == (DATES[2], ())


def test_single_sessions_beside_a_series_stay_what_they_were(view: View) -> None:
    before = calendars(view.facts, "northgate")
    view.know(
        Release.model_validate(
            Release.example
            | {
                "programme": "spring",
                "number": 2,
                "placements": [
                    *planned(1).placements,
                    Placement(session="retrieval", proposal="retrieval", room="library", start=START, minutes=60),
                ],
            }
        ),
        *seats(2, "p-001", "p-002"),
        seating(2, "p-001", place=LIBRARY),
    )
    after_it = calendars(view.facts, "northgate")
    assert after_it.entries.keys() - before.entries.keys() == {("p-001", "retrieval")}
    assert after_it.placed == {"retrieval", "knots"}
    assert [
        task.message.session
        for task in tasks(view.facts, view.book, NOW, POLICY)
        if isinstance(task.message, MessageDue)
    ] == ["retrieval"]


def test_seats_of_one_date_let_the_whole_series_settle() -> None:
    changed = NOW + timedelta(minutes=3)
    held = View(proposal("knots", parts=4, weekly=True), planned(1))
    settling = Settling(held.facts)
    for seq, each in enumerate(seats(1, "p-001"), start=100):
        at = changed if each.session == KNOTS[2] else NOW
        held.facts.apply(FactSubject(SEATING.ref("northgate", each.session), "seated"), each, seq, at)
    assert settling.changed_at("northgate", "p-001", "knots") == changed


def test_a_date_far_off_is_not_urgent_because_the_series_has_begun(view: View) -> None:
    under_way = DATES[1] + timedelta(days=2)
    view.know(planned(2, part_4=DATES[3] + timedelta(days=1)), *seats(2, "p-001", "p-002"))
    [task, _] = tasks(view.facts, view.book, under_way, POLICY)
    assert min(task.presses(under_way)) == DATES[3]


def test_the_progress_of_a_programme_counts_its_series(view: View) -> None:
    told = delivery(view.facts, view.book, "northgate", AskDelivery(programme="spring", release=1), NOW, POLICY)
    assert (told.complete, told.invitations, told.people) == (True, 2, ("p-001", "p-002"))


def test_the_links_of_a_mail_about_one_date_answer_for_that_date() -> None:
    key = LinkKey(b"k" * 32)
    view = invited()
    view.know(planned(2, part_2=DATES[1] + timedelta(days=1)), *seats(2, "p-001", "p-002"))
    about = {}
    for message in (
        *View(proposal("knots", parts=4, weekly=True), planned(1), *seats(1, "p-001")).due(),
        *view.due()[:1],
    ):
        mail = email.message_from_string(
            Composer(key, "https://n.example").mail(message, COMMUNITY, person("p-001"), NOW).text
        )
        text = next(each for each in mail.walk() if each.get_content_type() == "text/plain").get_payload(decode=True)
        token = re.findall(rb"/answer/([^/\s]+)/declined", text.replace(b"=\n", b""))[0].decode()
        about[message.occurrence] = key.verify(token, now=NOW).session
    assert about == {None: "knots", DATES[1]: KNOTS[1]}


def test_a_mail_tells_the_first_date_on_which_its_reader_comes() -> None:
    missing = dict.fromkeys((KNOTS[0], KNOTS[1]), ("p-001",))
    held = View(proposal("knots", parts=4, weekly=True), planned(1), *seats(1, "p-001", without=missing))
    [invitation] = held.due()
    told = letter(invitation, COMMUNITY, person("p-001"), NOW, "https://n.example/me")
    assert "26 Jan" in told.subject
    assert "2 February 2027" in told.text
    assert "12 January" not in told.text
    page = shown_to(held, "knots")
    assert (page.start, page.dates) == (DATES[2], DATES[2:])


def test_dates_that_are_over_are_told_no_more(view: View) -> None:
    assert shown_to(view, "knots", DATES[1] + timedelta(days=1)).dates == DATES[2:]


def test_a_date_that_moved_and_is_then_off_is_told_by_the_time_that_it_had(view: View) -> None:
    moved_once(view)
    left = [each for each in seats(3, "p-001", "p-002") if each.session != KNOTS[1]]
    view.know(planned(3, part_2=None), *left, seating(3, session=KNOTS[1], proposal="knots"))
    [cancel, _] = go_out(view)
    assert cancel.entry.occurrence(DATES[1]).start == DATES[1] + timedelta(days=1)
    assert view.due() == []


def test_only_dates_that_are_over_are_no_reason_to_invite() -> None:
    missing = dict.fromkeys(KNOTS[2:], ("p-001",))
    late = View(proposal("knots", parts=4, weekly=True), planned(1), *seats(1, "p-001", without=missing))
    assert late.due(DATES[1] + timedelta(days=1)) == []


def test_a_series_that_is_told_session_by_session_from_now_on_leaves_calendars_as_a_series(view: View) -> None:
    view.know(proposal("knots", parts=4, weekly=False))
    told = {(each.session, each.method) for each in go_out(view)}
    assert told == {("knots", Method.CANCEL), *((session, Method.REQUEST) for session in KNOTS)}


def test_sessions_that_are_told_as_a_series_from_now_on_leave_calendars_as_sessions() -> None:
    single = View(proposal("knots", parts=4), planned(1), *seats(1, "p-001"))
    go_out(single)
    single.know(proposal("knots", parts=4, weekly=True))
    told = {(each.session, each.method) for each in go_out(single)}
    assert told == {("knots", Method.REQUEST), *((session, Method.CANCEL) for session in KNOTS)}


@pytest.mark.parametrize("number", [1, 2])
def test_a_date_beside_a_week_that_is_passed_over_keeps_its_name(number: int) -> None:
    """Between the second and the third date, a week is passed over."""
    over_a_gap = {"part_3": DATES[2] + WEEK, "part_4": DATES[3] + WEEK}
    first = planned(1, **over_a_gap)
    named = [placement.start for placement in first.placements][number]
    held = View(proposal("knots", parts=4, weekly=True), first, *seats(1, "p-001"))
    go_out(held)
    off = KNOTS[number]
    left = [each for each in seats(2, "p-001") if each.session != off]
    without = over_a_gap | {off.removeprefix("knots-").replace("-", "_"): None}
    held.know(planned(2, **without), *left, seating(2, session=off, proposal="knots"))
    [cancel] = go_out(held)
    assert (cancel.cancels, cancel.occurrence) == (CancelKind.OCCURRENCE, named)


def test_a_mail_about_several_dates_says_what_was_and_what_is_of_each(view: View) -> None:
    later = {f"part_{number}": DATES[number - 1] + timedelta(hours=number) for number in (2, 3, 4)}
    view.know(planned(2, **later), *seats(2, "p-001", "p-002"))
    [first, _] = view.due()
    told = letter(first, COMMUNITY, person("p-001"), NOW, "https://n.example/me")
    assert told.text.count("before:") == 3
    assert "19 January 2027, 17:30" in told.text

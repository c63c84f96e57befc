"""A weekly series from its seats to the messages: one entry for all dates, and answers for all or for one."""

from __future__ import annotations

import email
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from notifier_samples import COMMUNITY, NOW, POLICY
from seated_release import LIBRARY, START, View, person, proposal, seating
from weekly_knots import DATES, KNOTS, WEEK, each_date, go_out, invited, planned, seats

from services.notifier.content.composing import Composer
from services.notifier.content.letter import letter
from services.notifier.delivery.agenda import calendars, seats_held, tasks
from services.notifier.delivery.reporting import delivery
from services.notifier.delivery.settling import Settling
from services.notifier.planning.messages_due import MessageDue
from services.notifier.replies.acquaintance import Acquaintance
from services.notifier.replies.answering import answered, shown
from services.notifier.replies.deciding import quarantine_decided
from services.notifier.replies.incoming import ItipAnswer, Letterhead, Reply
from services.notifier.replies.invited import Invited
from services.notifier.replies.listing import listed
from services.notifier.replies.recording import answer_writes
from services.notifier.replies.standing import after
from shared.contract.authority import ActorKind
from shared.contract.catalogue import REPLY, SEATING
from shared.contract.commands.notifier import AskDelivery
from shared.contract.commands.replies import AnswerInvitation, AnswerShown, AskAnswer, AskReplies, DecideQuarantine
from shared.contract.facts.notifier import CancelKind, Method
from shared.contract.facts.registrations import Place
from shared.contract.facts.replies import Answered, CounterProposal, PartStat, Quarantined
from shared.contract.facts.scheduler import Placement, Release
from shared.contract.results import Rejection
from shared.contract.subjects import FactSubject
from shared.links import LinkKey


@pytest.fixture
def view() -> View:
    return invited()


def replied(view: View, person: str, partstat: PartStat, recurrence: datetime | None = None, **other: Any) -> None:
    """Their calendar answers by mail: all of the series, or one date."""
    last = view.book.of("northgate")[(person, "knots")].last
    now = other.get("now", NOW + timedelta(minutes=5))
    sequence = other.get("sequence", last.sequence)
    invited = Invited.by(view.book.of("northgate")[(person, "knots")]).meant(recurrence)
    answer = ItipAnswer("knots@n", partstat=partstat, sequence=sequence, stamp=now, recurrence=recurrence)
    known = view.facts.state(REPLY, Answered, "northgate", person, invited.session)
    change = after(known, invited, Reply(Letterhead(date=None), (answer,)), answer, now)
    view.know(*(write.state for write in answer_writes(view.facts, "northgate", invited, change)))


def reply_of(view: View, person: str, session: str) -> Answered | None:
    return view.facts.state(REPLY, Answered, "northgate", person, session)


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


def by_link(view: View, session: str, partstat: str) -> list[Answered]:
    command = AnswerInvitation.model_validate(
        {"person": "p-001", "session": session, "partstat": partstat, "generation": 1}
    )
    writes = answered(view.facts, view.book, "northgate", command, ActorKind.PERSON, NOW + timedelta(minutes=5))
    states = [write.state for write in writes]
    view.know(*states)
    return [state for state in states if isinstance(state, Answered)]


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


def test_the_page_behind_a_link_tells_all_dates_or_the_one(view: View) -> None:
    whole = shown(view.facts, view.book, "northgate", AskAnswer(person="p-001", session="knots", generation=1), NOW)
    one = shown(view.facts, view.book, "northgate", AskAnswer(person="p-001", session=KNOTS[2], generation=1), NOW)
    assert (whole.start, whole.dates) == (START, DATES)
    assert (one.start, one.dates) == (DATES[2], ())


def test_a_seat_that_was_taken_again_counts_although_its_person_had_said_no(view: View) -> None:
    by_link(view, KNOTS[1], "declined")
    view.know(*seats(1, "p-001", "p-002", without={KNOTS[1]: ("p-001",)}))
    go_out(view)
    view.know(*seats(1, "p-001", "p-002"))
    [again] = view.due()
    assert (again.person, again.occurrence, again.entry.changed) == ("p-001", None, ())


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


def moved_once(view: View) -> None:
    """The second date goes to the next day, and everybody hears of that."""
    view.know(planned(2, part_2=DATES[1] + timedelta(days=1)), *seats(2, "p-001", "p-002"))
    go_out(view)


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


def shown_to(view: View, session: str, now: datetime = NOW) -> AnswerShown:
    view.transmit()
    return shown(view.facts, view.book, "northgate", AskAnswer(person="p-001", session=session, generation=1), now)


def test_dates_that_are_over_are_told_no_more(view: View) -> None:
    assert shown_to(view, "knots", DATES[1] + timedelta(days=1)).dates == DATES[2:]


def test_a_date_that_moved_and_is_then_off_is_told_by_the_time_that_it_had(view: View) -> None:
    moved_once(view)
    left = [each for each in seats(3, "p-001", "p-002") if each.session != KNOTS[1]]
    view.know(planned(3, part_2=None), *left, seating(3, session=KNOTS[1], proposal="knots"))
    [cancel, _] = go_out(view)
    assert cancel.entry.occurrence(DATES[1]).start == DATES[1] + timedelta(days=1)
    assert view.due() == []


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

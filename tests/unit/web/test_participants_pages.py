"""The pages on which people act: everything has a name, every wrong field says so, what was written stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from page_structure import complaints
from web_samples import NORTHGATE, NOW, facts, northgate, placement, programme, proposal, release, seating

from services.web.forms import Form, Problems, command_of
from services.web.interests import OfferedProgramme, offered, stated
from services.web.own_availability import availability_page
from services.web.pages import page
from services.web.proposal_dates import dates_of
from services.web.proposal_page import FIELDS_OF_COMMAND, LABELS, ProposalPage, changed, proposal_page
from services.web.proposing import CallState, ProposingPage, call_state, offered_formats, open_calls
from services.web.released import released_session
from services.web.seats import Act, SeatPage, command_of_act, seat_page
from services.web.waiting import WaitingView, sessions_waited_for
from shared.contract.commands.calendars import AvailabilityShown, CalendarShown
from shared.contract.commands.calls import BeginProposal
from shared.contract.commands.registrations import SubmitProposal
from shared.contract.commands.seats import PersonStands, PoolShown, SeatShown, Standing
from shared.contract.facts.registrations import Proposal, ProposalStatus
from shared.contract.facts.seats import Offer, Pool, Waiting, WaitingOrder
from shared.contract.formats import OfferedFormat
from shared.contract.results import FieldError, Rejection
from shared.contract.values import InterestLevel

HOSTILE = '"><script>alert(1)</script>'
CALL = {"opens": "2026-11-01T00:00:00Z", "closes": "2026-12-20T17:00:00Z"}
PROBLEMS = Problems({"title": "It is missing. Allowed: text."}, ("message is too large. Allowed: less.",))


def rendered(template: str, **view: Any) -> str:
    return bytes(page(template, **view).body).decode()


def form(**fields: str | tuple[str, ...]) -> Form:
    return Form({name: value if isinstance(value, tuple) else (value,) for name, value in fields.items()})


def proposing(**other: Any) -> ProposingPage:
    view = {"state": CallState.OPEN, "changes": "Sunday", "formats": offered_formats(programme())}
    names = {"community": "northgate", "community_name": "Northgate", "programme": "spring-2027", "title": "Spring"}
    return ProposingPage(**(names | view | other))


def edited(state: Proposal | None = None, **more: Any) -> ProposalPage:
    known = programme(call=CALL, formats=[{"format": "workshop", "minutes": 60}])
    others = {"other": "Another session", "retrieval-practice": "Itself"}
    view = {"names": {"p-002": "Ben Ito"}, "others": others, "now": NOW} | more
    return proposal_page("Northgate", known, state or proposal(status="submitted"), "p-001", **view)


def in_parts(**said: Any) -> ProposalPage:
    """A weekly series of which the second date is called off, and the first is released."""
    state = proposal(**({"parts": 3, "weekly": True, "called_off": ["retrieval-practice-part-2"]} | said))
    view = northgate(state, release(placement(session="retrieval-practice-part-1")))
    return edited(state, dates=dates_of(view, "northgate", state))


def stands(standing: Standing, **more: Any) -> SeatShown:
    you = PersonStands(person="p-002", standing=standing, why="1st of 2: asked first", **more)
    pool = PoolShown(pool=Pool.IN_PERSON, seats=2, taken=2, offered=0)
    shown = {"session": "retrieval-practice", "programme": "spring-2027", "waiting_order": WaitingOrder.FIRST_COME}
    return SeatShown(**shown, pools=(pool,), waiting=2, you=you)


def seat(shown: SeatShown, *, now: datetime = NOW, chosen: str | None = None, **more: Any) -> SeatPage:
    found = released_session(northgate(release(), seating()), "northgate", "retrieval-practice")
    assert found is not None
    return seat_page(*found, "Europe/London", shown, chosen=chosen, now=now, **more)


def availability(**more: Any) -> Any:
    calendar = CalendarShown(source="work", kind="ics", unknown_since=NOW, next_reading=NOW, advice="Check it.")
    shown = AvailabilityShown(person="p-001", zone="Europe/London", calendars=(calendar,))
    return availability_page("Northgate", shown, NOW, **more)


def interests() -> tuple[OfferedProgramme, ...]:
    view = northgate(proposal(proposal="maps", abstract="A map."), programme(programme="past", last_day="2026-11-30"))
    return offered(view, "northgate", {"maps": InterestLevel.COMING}, "p-002", NOW.date())


PAGES = {
    "propose": lambda: rendered("propose", proposing=proposing()),
    "propose with formats": lambda: rendered(
        "propose",
        proposing=proposing(formats=offered_formats(programme(formats=[OfferedFormat(format="nano", minutes=2)]))),
    ),
    "propose, closed, wrong": lambda: rendered(
        "propose", proposing=proposing(state=CallState.CLOSED, problems=PROBLEMS)
    ),
    "propose, early": lambda: rendered("propose", proposing=proposing(state=CallState.EARLY)),
    "sent": lambda: rendered("propose-sent", proposing=proposing()),
    "draft": lambda: rendered("proposal", proposal=edited(proposal(status="drafted", presenters=["p-001", "p-002"]))),
    "wrong": lambda: rendered("proposal", proposal=edited(problems=PROBLEMS, similar=("x", "y"), saved=True)),
    "accepted": lambda: rendered("proposal", proposal=edited(proposal())),
    "accepted in parts": lambda: rendered("proposal", proposal=in_parts()),
    "weekly, wrong": lambda: rendered("proposal", proposal=edited(problems=Problems({"weekly": "It is wrong."}))),
    "withdrawn": lambda: rendered("proposal", proposal=edited(proposal(status="withdrawn"))),
    "withdraw": lambda: rendered("withdraw", title="Drawing", community="Northgate"),
    "confirm": lambda: rendered(
        "confirm", community="N", programme="S", title="T", about="A", words={"yes": "Yes", "no": "No"}, chosen="no"
    ),
    "waiting": lambda: rendered("seat", seat=seat(stands(Standing.WAITING, place=1))),
    "offer": lambda: rendered("seat", seat=seat(stands(Standing.OFFERED, expires=NOW), chosen="accept", problem="x")),
    "availability": lambda: rendered("availability", availability=availability()),
    "availability, wrong": lambda: rendered(
        "availability",
        availability=availability(problems=Problems({"text": "It is odd."}), text="Blursday", saved=True),
    ),
    "interests": lambda: rendered("interests", community="N", saved=True, programmes=interests()),
    "leave": lambda: rendered("leave", community="N", programme="S", done=False),
    "data": lambda: rendered("data", community="N", name="Amara", mailbox="x@y.example"),
    "erase": lambda: rendered("erase", community="N", name="Amara", not_ticked=True),
}


@pytest.mark.parametrize("name", PAGES)
def test_everything_on_a_page_has_a_name_and_every_reference_leads_somewhere(name: str) -> None:
    assert complaints(PAGES[name]()) == []


def test_the_judge_of_pages_finds_what_is_wrong() -> None:
    wrong = '<h1>A</h1><h3>B</h3><label for="x">X</label><input id="y"><a href="#z"></a><p id="y"></p>'
    assert len(complaints(wrong)) == 5


def test_what_is_wrong_is_told_beside_its_field_and_above_all() -> None:
    html = PAGES["propose, closed, wrong"]()
    assert '<a href="#title">Title of the session</a>: It is missing.' in html
    assert 'aria-describedby="title-problem" aria-invalid="true"' in html
    assert html.index('role="alert"') < html.index("<form")
    assert "message is too large" in html


def test_hostile_texts_change_no_page() -> None:
    values = {"name": HOSTILE, "title": HOSTILE, "abstract": HOSTILE}
    html = rendered("propose", proposing=proposing(title=HOSTILE, values=values, problems=Problems({"name": HOSTILE})))
    html += rendered("proposal", proposal=edited(proposal(status="drafted", title="<script>", kit=["<script>"])))
    assert "<script" not in html


@pytest.mark.parametrize(
    ("call", "state"),
    [
        (None, CallState.OPEN),
        (CALL, CallState.OPEN),
        ({"opens": "2026-12-01T09:00:01Z", "closes": CALL["closes"]}, CallState.EARLY),
        ({"opens": CALL["opens"], "closes": "2026-12-01T09:00:00Z"}, CallState.CLOSED),
    ],
)
def test_a_call_is_open_from_its_first_instant_to_before_its_last(
    call: dict[str, str] | None, state: CallState
) -> None:
    assert call_state(programme(call=call), NOW) is state


def test_open_calls_are_listed_by_when_they_close() -> None:
    later = programme(programme="b", call=CALL)
    sooner = programme(programme="c", call=CALL | {"closes": "2026-12-02T00:00:00Z"})
    closed = programme(programme="d", call=CALL | {"closes": "2026-11-02T00:00:00Z"})
    found = open_calls(facts(NORTHGATE, programme(), later, sooner, closed), "northgate", NOW)
    assert [each.programme for each in found] == ["c", "b"]
    assert found[1].until == "Sunday 20 December 2026, 17:00 GMT (Europe/London)"


def filled(view: ProposalPage, **other: str | tuple[str, ...]) -> Form:
    fields = dict(view.values) | {"prerequisites": tuple(view.chosen)}
    return form(**(fields | other))


def test_a_form_that_is_posted_unchanged_changes_nothing() -> None:
    windows = {"kind": "weekly", "weekdays": ["tue"], "start": "09:00", "end": "11:00", "zone": "Europe/London"}
    span = {"first": "2026-12-01", "last": "2027-04-30"}
    state = proposal(
        status="submitted",
        abstract="Two\nlines",
        kit=["A pencil"],
        recording=False,
        tags=["maps"],
        audience=["primary"],
        needs=["projector"],
        seats=12,
        parts=2,
        part_gap_days=(2, 9),
        prerequisites=["other"],
        preferred=[windows | span | {"answer": "yes"}],
        impossible=[windows | span | {"answer": "no", "except_dates": ["2027-01-05"]}],
    )
    fields = changed(state, programme(), filled(edited(state)), NOW.date())
    said = command_of(SubmitProposal, fields)
    for name in SubmitProposal.model_fields.keys() - {"access_code"}:
        assert getattr(said, name) == getattr(state, name), name


def test_a_series_stays_one_unless_the_form_says_otherwise() -> None:
    state = proposal(status="submitted", parts=6, weekly=True)
    assert changed(state, programme(), filled(edited(state)), NOW.date())["weekly"] is True
    assert changed(state, programme(), filled(edited(state), weekly=""), NOW.date())["weekly"] is False
    assert changed(proposal(parts=6, weekly=True), programme(), form(title="New"), NOW.date())["weekly"] is True


def test_the_dates_of_an_accepted_series_are_told_with_what_can_be_done_about_each() -> None:
    page = in_parts()
    assert page.series == "weekly, 3 dates"
    assert [(each.called_off, each.may_go) for each in page.dates] == [(False, True), (True, False), (False, True)]
    assert page.dates[0].words == "Part 1: Tuesday 12 January 2027, 15:30"
    assert page.dates[2].words == "Part 3: no time yet"
    html = PAGES["accepted in parts"]()
    assert html.count('name="call_off"') == 2
    assert html.count('name="hold"') == 1
    gone = ["retrieval-practice-part-1", "retrieval-practice-part-2"]
    assert not any(each.may_go for each in in_parts(called_off=gone).dates)
    assert (edited(proposal(parts=2)).series, edited(proposal()).series) == ("2 parts", None)


def test_of_an_accepted_proposal_only_words_change() -> None:
    state = proposal()
    fields = changed(state, programme(), form(title="New", minutes="5", seats="900", tags="x"), NOW.date())
    assert (fields["title"], fields["minutes"], fields["seats"], fields["tags"]) == ("New", 60, 1, ())


def test_a_presenter_is_taken_away_and_times_that_make_no_sense_are_named() -> None:
    state = proposal(status="drafted", presenters=["p-001", "p-002"])
    assert changed(state, None, filled(edited(state), remove=("p-002",)), NOW.date())["presenters"] == ("p-001",)
    with pytest.raises(Rejection) as refused:
        changed(state, None, filled(edited(state), preferred="not Fri", impossible="Blursday"), NOW.date())
    assert [each.field.split(".")[0] for each in refused.value.errors] == ["preferred", "impossible"]
    assert set(Problems.of(refused.value.errors, FIELDS_OF_COMMAND).fields) == {"preferred", "impossible"}


@pytest.mark.parametrize("status", ProposalStatus)
def test_every_status_is_told(status: ProposalStatus) -> None:
    view = edited(proposal(status=status))
    assert view.standing
    assert view.open is (status is not ProposalStatus.WITHDRAWN)


@pytest.mark.parametrize(
    ("standing", "acts"),
    [
        (Standing.NONE, [Act.TAKE]),
        (Standing.WAITING, [Act.RELEASE]),
        (Standing.SEATED, [Act.RELEASE]),
        (Standing.OFFERED, [Act.ACCEPT, Act.DECLINE]),
    ],
)
def test_what_can_be_done_about_a_seat_follows_from_where_one_stands(standing: Standing, acts: list[Act]) -> None:
    assert [each.value for each in seat(stands(standing)).buttons] == acts
    answers = [each for each in acts if each in {Act.ACCEPT, Act.DECLINE}]
    assert [each.value for each in seat(stands(standing), answers_only=True).buttons] == answers
    begun = datetime(2027, 1, 12, 15, 30, tzinfo=UTC)
    assert seat(stands(standing), now=begun).buttons == ()


def test_every_button_is_one_command_of_that_person() -> None:
    commands = [command_of_act(each, "p-002", "drawing") for each in Act]
    assert {(each.person, each.session) for each in commands} == {("p-002", "drawing")}  # type: ignore[attr-defined]
    assert len({each.model_dump_json() + type(each).__name__ for each in commands}) == len(Act)


def test_a_person_sees_what_they_wait_for_offers_first() -> None:
    line = {"since": NOW, "person": "p-002"}
    offer = Offer(pool=Pool.IN_PERSON, offered_at=NOW, expires=NOW + timedelta(hours=1), **line)
    view = northgate(
        seating(session="a", waiting=[Waiting(**line)], people=[]),
        seating(session="b", offers=[offer], people=[]),
        seating(session="c", people=["p-002"]),
        seating(session="d", waiting=[Waiting(since=NOW, person="p-003")], people=[]),
    )
    assert sessions_waited_for(view, "northgate", "p-002") == ("b", "a")
    assert WaitingView("a", "Drawing", "Monday", offered=False).why is None


def test_a_session_is_found_in_the_newest_release_only() -> None:
    moved = release(placement(start="2027-01-13T15:30:00Z"), number=2)
    found = released_session(northgate(release(), moved), "northgate", "retrieval-practice")
    assert found is not None
    assert (found[0].time.start.day, found[1]) == (13, "Europe/London")
    assert released_session(northgate(release()), "northgate", "nothing") is None


def test_fields_of_a_form_are_read_as_they_are_meant() -> None:
    read = form(
        title="  two \t words ", text="a\r\nb\r\n\r\n", tags="Maths, maps;x", n="12", bad="1e3", box="yes", empty=""
    )
    assert (read.line("title"), read.prose("text"), read.lines("text")) == ("two words", "a\nb", ("a", "b"))
    assert (read.words("tags"), read.whole_number("n"), read.whole_number("bad")) == (("maths", "maps", "x"), 12, "1e3")
    assert (read.has("box"), read.has("empty"), read.whole_number("empty"), read.line("absent")) == (
        True,
        False,
        None,
        "",
    )


def test_a_command_names_each_wrong_field_and_never_the_value() -> None:
    with pytest.raises(Rejection) as refused:
        command_of(
            BeginProposal, {"programme": "p", "name": "N", "address": "secret-word", "title": "", "format": "nano"}
        )
    assert sorted(each.field for each in refused.value.errors) == ["address", "title"]
    assert "secret-word" not in str(refused.value.errors)
    told = Problems.of((FieldError(field="other.0", problem="is odd", allowed="x"),), {"title": "title"})
    assert told.others == ("other.0 is odd. Allowed: x.",)


def refusal(state: Proposal, posted: Form) -> tuple[FieldError, ...]:
    try:
        command_of(SubmitProposal, changed(state, programme(), posted, NOW.date()))
    except Rejection as refused:
        return refused.errors
    return ()


@given(
    st.dictionaries(st.sampled_from([*LABELS, "remove"]), st.text(max_size=60), max_size=8),
    st.sampled_from(["drafted", "submitted", "accepted"]),
)
def test_whatever_is_posted_is_a_command_or_a_refusal_that_names_fields(fields: dict[str, str], status: str) -> None:
    state = proposal(status=status, presenters=["p-001", "p-002"])
    errors = refusal(state, filled(edited(state), **fields))
    assert all(each.field and each.problem and each.allowed for each in errors)
    told = Problems.of(errors, FIELDS_OF_COMMAND)
    assert not errors or told
    shown = Problems(others=(*told.fields.values(), *told.others))
    assert complaints(rendered("proposal", proposal=edited(state, problems=shown))) == []


def test_only_answers_that_are_new_are_stated() -> None:
    posted = form(**{"level-a": "coming", "level-b": "coming", "level-c": "perhaps", "other": "coming"})
    assert stated(posted, {"b": InterestLevel.COMING}) == {"a": InterestLevel.COMING}


def test_ones_own_sessions_and_programmes_that_are_over_are_not_offered() -> None:
    [shown] = interests()
    assert sorted(each.proposal for each in shown.sessions) == ["maps", "retrieval-practice"]
    view = northgate(proposal(proposal="maps"), programme(programme="past", last_day="2026-11-30"))
    assert offered(view, "northgate", {}, "p-001", NOW.date()) == ()
    assert offered(northgate(), "northgate", {}, "p-002", programme().last_day.replace(year=2028)) == ()


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, "Workshop, 60 minutes"),
        ({"parts": 3}, "Workshop, 60 minutes, in 3 parts"),
        ({"parts": 6, "weekly": True}, "Workshop, 60 minutes, every week, 6 times"),
        ({"parts": 6, "weekly": True, "called_off": ["maps-part-2"]}, "Workshop, 60 minutes, every week, 5 times"),
    ],
)
def test_it_is_told_how_often_what_is_offered_meets(more: dict[str, Any], told: str) -> None:
    view = northgate(proposal(proposal="maps", format="workshop", minutes=60, **more))
    [shown] = offered(view, "northgate", {}, "p-002", NOW.date())
    assert next(each.kind for each in shown.sessions if each.proposal == "maps") == told

"""``teachmeet demo``, run once as a newcomer runs it, and everything that it promises."""

from __future__ import annotations

import subprocess
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from demo_output import LONDON, DemoOutput
from icalendar import Calendar
from system_on_a_folder import TEACHMEET, processes_of, teachmeet

from tests.oracles.judging import objections, objections_to_files
from tests.oracles.readers import present

# The first test of the module waits for the demo.
pytestmark = pytest.mark.timeout(600)

CLOCK_CHANGE = date(2027, 3, 28)
LUNCH = "feedback-lunch"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoOutput:
    folder = tmp_path_factory.mktemp("demo") / "output"
    done = subprocess.run(
        (*TEACHMEET, "demo", "--output", str(folder)), capture_output=True, text=True, timeout=480, check=False
    )
    return DemoOutput(folder, done.returncode, done.stdout + done.stderr)


def test_it_ends_well_and_leaves_no_process(demo: DemoOutput) -> None:
    assert demo.code == 0, demo.printed
    assert "Traceback" not in demo.printed
    assert processes_of(demo.folder) == set()


def test_it_leaves_everything_it_made(demo: DemoOutput) -> None:
    for name in ("release-1.json", "release-2.json", "facts.jsonl", "report.txt"):
        assert (demo.folder / name).stat().st_size > 500, name
    assert [demo.release(number).number for number in (1, 2)] == [1, 2]
    assert len(list((demo.folder / "mail").glob("*.eml"))) > 200
    assert len(list((demo.folder / "calendars").glob("*.ics"))) > 50


def test_foreign_readers_have_no_objection_to_its_mails_and_calendars(
    demo: DemoOutput, request: pytest.FixtureRequest
) -> None:
    mails, calendars = (
        [each.read_bytes() for each in sorted((demo.folder / name).iterdir())] for name in ("mail", "calendars")
    )
    readers = present(request.config)
    assert objections(mails, readers) == []
    assert objections_to_files(calendars, readers) == []


def test_it_says_that_its_clock_is_not_the_machines(demo: DemoOutput) -> None:
    assert "a clock that starts at 2026-12-01T09:00Z" in demo.words


def test_the_partner_reads_back_the_rejections_of_its_bad_rows(demo: DemoOutput) -> None:
    refused = demo.words.split("Its bad rows, as read back from its outbox:")[1].split("Rows of the organiser")[0]
    for line, field in ((16, "address"), (31, "zone"), (46, "person"), (61, "address")):
        assert f"people.csv, line {line}: {field}" in refused
    assert "proposals.csv, line 6: minutes" in demo.words
    assert "p-023.ics" in demo.words


def test_the_programme_is_printed_as_a_table_in_local_time(demo: DemoOutput) -> None:
    table = demo.report.split("The programme, release 2")[1]
    assert "times in Europe/London" in table
    for each in demo.release(2).placements:
        start = each.start.astimezone(LONDON)
        end = start + timedelta(minutes=each.minutes)
        day = f"{start:%a} {start.day} {start:%b %Y}"
        assert any(day in line and f"{start:%H:%M}-{end:%H:%M}" in line for line in table.splitlines()), each.session


@pytest.mark.parametrize("number", [1, 2])
def test_no_session_is_on_a_friday_or_a_weekend_or_over_lunch_but_the_light_lunch(
    demo: DemoOutput, number: int
) -> None:
    assert LUNCH in demo.places(number)
    for session, each in demo.places(number).items():
        start = each.start.astimezone(LONDON)
        end = start + timedelta(minutes=each.minutes)
        assert start.weekday() < 4
        over_lunch = start.hour < 14 and (end.hour, end.minute) > (12, 0)
        assert over_lunch == (session == LUNCH)


def test_the_report_says_which_rule_kept_what_away(demo: DemoOutput) -> None:
    assert "on a Friday: none" in demo.words
    assert "in the lunch window: 1: Light lunch: feedback that is quicker than marking (A light lunch is held" in (
        demo.words
    )
    assert "(rule light-lunch-exempt of pack no-lunch-no-friday, version 2)" in demo.words


def test_the_presenter_who_is_free_on_fridays_only_is_answered_in_a_plain_sentence(demo: DemoOutput) -> None:
    assert "Bread and fractions: Its presenter is free on Fridays only, and nothing is placed on a Friday" in demo.words
    for number in (1, 2):
        assert [each.session for each in demo.release(number).unplaced] == ["bread-and-fractions"]


def test_sessions_lie_on_both_sides_of_the_clock_change_and_one_spans_it(demo: DemoOutput) -> None:
    places = demo.places(2)
    parts = [places[f"classroom-enquiry-part-{part}"].start.astimezone(LONDON) for part in (1, 2)]
    assert parts[0].date() < CLOCK_CHANGE < parts[1].date()
    assert [part.utcoffset() for part in parts] == [timedelta(0), timedelta(hours=1)]
    assert 84 <= (parts[1].date() - parts[0].date()).days <= 105


def test_nobody_presents_or_sits_in_two_sessions_at_a_time_and_no_room_is_used_twice(demo: DemoOutput) -> None:
    held = demo.held_after(len(demo.invitations))
    places = list(demo.places(2).values())
    for one in places:
        for other in places:
            apart = one.start + timedelta(minutes=one.minutes) <= other.start
            apart = apart or other.start + timedelta(minutes=other.minutes) <= one.start
            if one is other or apart:
                continue
            assert one.room != other.room
            people = [{person for person, session in held if session == each.session} for each in (one, other)]
            assert not people[0] & people[1]


def test_the_mails_are_those_that_the_report_counts(demo: DemoOutput) -> None:
    kinds = Counter(
        "cancelled" if each.method == "CANCEL" else "updated" if each.sequence else "sent" for each in demo.invitations
    )
    told = (
        f"Mails so far: {kinds['sent']} invitations sent, {kinds['updated']} updated, {kinds['cancelled']} cancelled;"
    )
    assert told in demo.words
    assert all(kinds[kind] > 0 for kind in ("sent", "updated", "cancelled"))


def test_calendars_hold_what_the_last_release_and_its_seats_say(demo: DemoOutput) -> None:
    seats = {(person, each["session"]) for each in demo.facts_of("seating") for person in each["people"]}
    held = demo.held_after(len(demo.invitations))
    assert set(held) == seats
    places = demo.places(2)
    assert all(each.start == places[session].start for (_, session), each in held.items())


def test_each_persons_calendar_file_holds_their_sessions(demo: DemoOutput) -> None:
    held = demo.held_after(len(demo.invitations))
    for file in (demo.folder / "calendars").glob("*.ics"):
        calendar = Calendar.from_ical(file.read_bytes())
        found = {str(event["UID"]).split("@")[0] for event in calendar.walk("VEVENT")}
        assert found == {session for person, session in held if person == file.stem}


def test_the_second_act_writes_only_to_people_whom_it_concerns(demo: DemoOutput) -> None:
    before, after = demo.places(1), demo.places(2)
    moved = {session for session in before.keys() | after.keys() if before.get(session) != after.get(session)}
    first_act = sum(1 for each in demo.invitations if _is_of_the_first_act(demo, each.arrived))
    held_before, held_after = demo.held_after(first_act), demo.held_after(len(demo.invitations))
    concerned = {key for key in held_before.keys() | held_after.keys() if key[1] in moved}
    concerned |= held_before.keys() ^ held_after.keys()
    written = [(each.person, each.session) for each in demo.invitations[first_act:]]
    assert set(written) == concerned
    assert len(written) == len(set(written))
    untouched = {person for person, _ in held_before} - {person for person, _ in concerned}
    assert untouched, "somebody's sessions all stayed as they were"
    assert {"retrieval-practice", "sketch-notes"} <= moved
    assert len(moved) < len(before)


def _is_of_the_first_act(demo: DemoOutput, arrived: int) -> bool:
    """Act one is over before act two begins, so its mails are the first of their number."""
    told = demo.words.split("Release 1 is published")[1].split(" invitations sent")[0]
    return arrived <= int(told.split()[-1])


def test_facts_are_those_of_every_kind_and_hold_no_mail(demo: DemoOutput) -> None:
    kinds = {subject.split(".evt.")[1].split(".")[0] for subject in demo.facts}
    assert kinds == {
        "community", "programme", "contact", "person-key", "affiliation", "room", "proposal", "availability",
        "interest", "confirmation", "seating", "person-seats", "plan", "release", "invite",
    }  # fmt: skip
    assert all(each.get("mail") is None for each in demo.facts_of("invite"))
    assert {each["status"] for each in demo.facts_of("invite")} == {"sent"}


def test_a_folder_that_the_demo_did_not_make_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    said = teachmeet("demo", "--output", str(tmp_path))
    assert said.code == 1
    assert "holds files that the demo did not make" in said.err
    assert (tmp_path / "thesis.txt").read_text() == "years of work"

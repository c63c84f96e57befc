"""When zone rules change, every session whose local time moves is found, and its calendars are told again."""

from __future__ import annotations

import io
import struct
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from notifier_samples import NOW, POLICY, entry, message

from services.notifier.delivery.life import Mail, decided
from services.notifier.delivery.outcome import Sent
from services.notifier.planning.answers import Key
from services.notifier.planning.correspondence import Correspondence, followed
from services.notifier.planning.message import Calendars
from services.notifier.planning.messages_due import claimed, due
from services.notifier.planning.zone_changes import is_moved, offsets
from shared.contract.facts.notifier import CalendarEntry, Invite, Method
from shared.time.zones import zone

# What British Columbia followed until 2026 (as tzdata 2025b has it), before it stopped changing its clocks.
CHANGING = "PST8PDT,M3.2.0,M11.1.0"
EARLIER_RULES = {"America/Vancouver": CHANGING, "Europe/London": "GMT0BST,M3.5.0/1,M10.5.0"}
WINTER, SUMMER = datetime(2027, 1, 12, 17, tzinfo=UTC), datetime(2027, 7, 13, 16, tzinfo=UTC)


def _rules(posix: str) -> ZoneInfo:
    """A zone that has always followed a POSIX TZ string: the smallest zone file there is (RFC 9636, 3)."""
    counts = struct.pack(">6L", 0, 0, 0, 0, 1, 4)
    header, body = b"TZif2" + bytes(15) + counts, struct.pack(">lBB", 0, 0, 0) + b"LMT\0"
    return ZoneInfo.from_file(io.BytesIO(header + body + header + body + f"\n{posix}\n".encode()))


def earlier(name: str) -> tzinfo:
    """The rules of the version before."""
    return _rules(EARLIER_RULES[name])


def _invite(told: CalendarEntry, *, by: tzinfo | None = None, session: str = "retrieval") -> Invite:
    claim = claimed(message(entry=told, session=session), Mail("<m>", "m"), NOW, POLICY)
    written = claim if by is None else claim.model_copy(update={"offsets": offsets(told, lambda _: by)})
    return decided(written, Sent("250"), NOW, POLICY)


def _past(told: CalendarEntry, *, by: tzinfo | None = None) -> Correspondence:
    return followed([_invite(told, by=by)])[("p-001", "retrieval")]


def test_the_earlier_rules_are_other_rules_in_winter_only() -> None:
    for start, difference in ((WINTER, timedelta(hours=1)), (SUMMER, timedelta(0))):
        before, now = (each("America/Vancouver") for each in (earlier, zone))
        there = [start.astimezone(each).utcoffset() for each in (before, now)]
        assert there[0] is not None
        assert there[1] is not None
        assert there[1] - there[0] == difference


def test_every_stored_session_whose_local_time_moves_is_found_and_no_other() -> None:
    stored = {
        "moves": entry(zone="America/Vancouver", start=WINTER),
        "is in summer": entry(zone="America/Vancouver", start=SUMMER),
        "is elsewhere": entry(zone="Europe/London", start=WINTER),
        "moves on one date": entry(
            zone="America/Vancouver", start=SUMMER, dates=(SUMMER, SUMMER + timedelta(days=180)), changed=()
        ),
    }
    told = {name: _invite(each, session=name.replace(" ", "-"), by=earlier(each.zone)) for name, each in stored.items()}
    assert not any(is_moved(each, earlier) for each in told.values())
    assert [name for name, each in told.items() if is_moved(each)] == ["moves", "moves on one date"]


def test_what_is_told_by_the_rules_of_today_has_not_moved() -> None:
    assert not is_moved(_invite(entry(zone="America/Vancouver", start=WINTER)))


def test_a_fact_from_before_offsets_were_kept_has_not_moved() -> None:
    old = _invite(entry(zone="America/Vancouver", start=WINTER)).model_copy(update={"offsets": None})
    assert not is_moved(old)


def _due(told: CalendarEntry, past: Correspondence) -> list[tuple[Method, int]]:
    key: Key = ("p-001", "retrieval")
    wanted = Calendars({key: told}, placed=frozenset({"retrieval"}))
    return [(each.method, each.sequence) for each in due(wanted, {key: past}, NOW, POLICY)]


@pytest.mark.parametrize(("start", "expected"), [(WINTER, [(Method.REQUEST, 1)]), (SUMMER, [])])
def test_a_calendar_that_was_told_by_other_rules_is_told_again_once(
    start: datetime, expected: list[tuple[Method, int]]
) -> None:
    told = entry(zone="America/Vancouver", start=start)
    past = _past(told, by=earlier("America/Vancouver"))
    assert _due(told, past) == expected
    update = claimed(message(n=2, sequence=1, entry=told), Mail("<m>", "m"), NOW, POLICY)
    assert _due(told, past.after(update).after(decided(update, Sent("250"), NOW, POLICY))) == []


def test_a_whole_series_is_told_again_when_one_of_its_dates_moves() -> None:
    dates = tuple(SUMMER + timedelta(days=60 * number) for number in range(4))
    told = entry(zone="America/Vancouver", start=SUMMER, dates=dates, changed=())
    assert _due(told, _past(told, by=earlier("America/Vancouver"))) == [(Method.REQUEST, 1)]


def test_offsets_are_in_minutes_for_each_start() -> None:
    assert offsets(entry(zone="Asia/Kolkata")) == (330,)
    assert offsets(entry(zone="Australia/Lord_Howe", start=WINTER)) == (660,)
    assert offsets(entry(zone="America/St_Johns", start=SUMMER)) == (-150,)

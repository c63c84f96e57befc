"""Two thousand problem files, whole and broken: each gives a schedule or a clear error, and none takes for ever."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from random_problems import random_problem

from services.scheduler.errors import ProblemError
from services.scheduler.files import Schedule, read_problem, solve_file
from services.scheduler.scoring import score
from shared.contract.facts.scheduler import Limits

CHUNKS, FILES_IN_A_CHUNK = 20, 100
LIMIT_SECONDS, GRACE_SECONDS = 0.05, 2.0
JUNK: tuple[Any, ...] = (
    None, "", "x" * 5000, "no-such-id", "\u0000", -1, 0, 1, 1440, 10**12, 1.5, True, [], {}, [[]], {"a": {"b": []}},
    "2027-01-05", "2027-01-05T10:00:00", "2027-01-05T10:00:00Z", "9999-12-31T23:59:59Z", "25:61", "Mars/Olympus",
    "9999-12-31", "0001-01-01", 10**30,
)  # fmt: skip


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_file_gives_a_schedule_or_an_error_in_words(chunk: int, tmp_path: Path) -> None:
    solved = 0
    for number in range(FILES_IN_A_CHUNK):
        dice = random.Random(chunk * FILES_IN_A_CHUNK + number)
        source, answer = tmp_path / "problem.json", tmp_path / "schedule.json"
        source.write_bytes(_file(dice))
        begun = time.process_time()
        schedule, complaint = _solved(source, answer, number)
        if schedule is None:
            assert str(source) in complaint
            assert "Traceback" not in complaint
        else:
            solved += 1
            problem = read_problem(source)
            assert len(schedule.placements) + len(schedule.unplaced) == len(problem.sessions)
            assert all(one.reason for one in schedule.unplaced)
            assert not score(problem, schedule.placements, keep_published=False).violations
        assert time.process_time() - begun < LIMIT_SECONDS + GRACE_SECONDS
    assert solved > FILES_IN_A_CHUNK / 10


def _solved(source: Path, answer: Path, seed: int) -> tuple[Schedule | None, str]:
    """The schedule, or what is said to be wrong with the file."""
    try:
        return solve_file(source, answer, Limits(seconds=LIMIT_SECONDS, workers=1, seed=seed)), ""
    except ProblemError as error:
        return None, str(error)


def _file(dice: random.Random) -> bytes:
    content = json.loads(_problem(dice))
    for _ in range(dice.choice((0, 1, 1, 2, 4))):
        _break(dice, content)
    text = json.dumps(content).encode()
    match dice.randrange(20):
        case 0:
            return text[: dice.randrange(len(text))]
        case 1:
            return text.replace(b'"', dice.choice((b"", b"\xff", b"'")), dice.randint(1, 5))
        case _:
            return text


def _problem(dice: random.Random) -> str:
    return random_problem(
        dice.randrange(10**6),
        sessions=dice.randint(0, 6),
        people=dice.randint(3, 8),
        rooms=dice.randint(1, 3),
        weeks=1,
        grid=dice.choice((15, 30, 60)),
        wishes=3,
        published=0.3,
    ).model_dump_json()


def _break(dice: random.Random, content: Any) -> None:
    """Somewhere in the content: another value, a key less, a key more, an item twice or an item less."""
    holder, key = dice.choice(list(_places(content)))
    match dice.randrange(5):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder["unknown"] = dice.choice(JUNK)
        case 2 if isinstance(holder, list):
            holder.append(holder[key])
        case 3:
            holder[key] = _other_value(dice, holder[key])
        case _:
            holder[key] = dice.choice(JUNK)


def _other_value(dice: random.Random, value: Any) -> Any:
    """A value of the same kind, so that many files stay valid."""
    if isinstance(value, bool) or value is None:
        return not value
    if isinstance(value, int):
        return dice.choice((value + 1, value * 2, max(1, value // 2)))
    if isinstance(value, list):
        return dice.sample(value, len(value) // 2)
    return value


def _places(content: Any) -> Iterator[tuple[Any, Any]]:
    items = content.items() if isinstance(content, dict) else enumerate(content)
    for key, value in list(items):
        yield content, key
        if isinstance(value, dict | list):
            yield from _places(value)

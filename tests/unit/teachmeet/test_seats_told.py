"""How the command line tells of seats and groups."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from shared.contract.commands.seats import SeatShown
from shared.contract.facts.managing import Team
from teachmeet.commands.groups import team_of, team_words
from teachmeet.commands.seats import summary


def shown(**other: object) -> SeatShown:
    return SeatShown.model_validate(SeatShown.example | other)


def test_a_session_is_told_in_one_sentence() -> None:
    assert summary(shown()) == "retrieval-practice: 24 of 24 seats in-person, 7 waiting (first-come)"


def test_held_and_surplus_seats_are_told() -> None:
    pools = [
        {"pool": "in-person", "seats": 20, "taken": 24, "offered": 0},
        {"pool": "online", "seats": 9, "taken": 1, "offered": 2},
    ]
    told = summary(shown(pools=pools))
    assert "24 of 20 seats in-person, 1 of 9 seats online, 2 held for an offer" in told
    assert told.endswith("4 more than the room has")


def test_a_drop_in_is_told_as_one() -> None:
    assert "drop-in" in summary(shown(drop_in=True, pools=()))


@pytest.mark.parametrize("text", ["Hillside School", "Hillside School/Science"])
def test_a_team_is_written_as_it_is_read(text: str) -> None:
    assert team_words(team_of(text)) == text


def test_a_team_is_a_school_or_a_department_of_one() -> None:
    assert team_of("Hillside/Science") == Team(school="Hillside", department="Science")
    with pytest.raises(ValidationError):
        team_of("/Science")

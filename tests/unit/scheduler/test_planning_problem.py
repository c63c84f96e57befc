from __future__ import annotations

import json
import random

import pytest
from pydantic import ValidationError
from random_problems import random_problem
from scheduling_samples import problem, room, session

from services.scheduler.entities import After, Wish
from services.scheduler.problem import EXAMPLE, Problem


def shuffled(value: object, dice: random.Random) -> object:
    if isinstance(value, list):
        items = [shuffled(item, dice) for item in value]
        dice.shuffle(items)
        return items
    if isinstance(value, dict):
        keys = list(value)
        dice.shuffle(keys)
        return {key: shuffled(value[key], dice) for key in keys}
    return value


def test_the_digest_does_not_depend_on_the_order_of_anything() -> None:
    original = random_problem(3, sessions=6, people=10, weeks=1)
    content = original.model_dump(mode="json")
    policy = content.pop("policy")
    other = shuffled(content, random.Random(5))
    assert isinstance(other, dict)
    assert Problem.model_validate({**other, "policy": policy}).digest() == original.digest()


def test_the_digest_changes_with_the_content() -> None:
    assert problem([session("a")]).digest() != problem([session("a", minutes=45)]).digest()


def test_the_json_form_reads_back_as_the_same_problem() -> None:
    original = random_problem(3, sessions=6, people=10, weeks=1)
    assert Problem.model_validate_json(original.canonical_json()) == original


def test_the_example_of_the_schema_is_a_problem() -> None:
    schema = Problem.model_json_schema()
    assert schema["examples"] == [EXAMPLE]
    assert json.loads(Problem.model_validate(EXAMPLE).canonical_json())["version"] == 1


def test_a_session_that_is_there_twice_is_refused_by_its_id() -> None:
    with pytest.raises(ValidationError, match="'a' is there twice"):
        problem([session("a"), session("a")])


def test_an_unknown_presenter_is_refused_with_field_and_id() -> None:
    nobody_there = problem([session("a", "nobody")]).model_dump() | {"people": []}
    with pytest.raises(ValidationError, match=r"sessions\.a\.presenters: 'nobody' is not among the people"):
        Problem.model_validate(nobody_there)


def test_a_part_after_an_unknown_session_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"sessions\.a\.after: 'b' is not among the sessions"):
        problem([session("a", after=After(session="b"))])


def test_parts_in_a_circle_are_refused() -> None:
    with pytest.raises(ValidationError, match="must not form a circle"):
        problem([session("a", after=After(session="b")), session("b", after=After(session="a"))])


def test_a_wish_for_an_unknown_proposal_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"wishes\.a-presenter\.b\.proposal"):
        problem([session("a")], wishes=(Wish(person="a-presenter", proposal="b", level="coming"),))


def test_dates_out_of_order_are_refused_by_name() -> None:
    with pytest.raises(ValidationError, match="last_day"):
        problem([session("a")], last_day="2027-01-01")


def test_rooms_are_in_order_of_id_whatever_the_input() -> None:
    made = problem([session("a")], rooms=(room("z"), room("b")))
    assert [one.id for one in made.rooms] == ["b", "z"]

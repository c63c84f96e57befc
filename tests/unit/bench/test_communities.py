from __future__ import annotations

from bench.communities import people
from shared.contract.commands.registrations import PersonRow


def test_every_row_is_a_valid_person_with_an_address_of_their_own() -> None:
    rows = [PersonRow.model_validate(row) for row in people(300, seed=1)]

    assert len({row.person for row in rows}) == len({row.address for row in rows}) == 300


def test_a_seed_always_draws_the_same_community_and_another_seed_another() -> None:
    assert people(40, seed=7) == people(40, seed=7)
    assert people(40, seed=7) != people(40, seed=8)


def test_about_a_fifth_of_the_people_have_no_weekly_lessons_or_wishes() -> None:
    rows = people(2000, seed=3)

    assert 0.14 < sum(not row["windows"] for row in rows) / len(rows) < 0.24

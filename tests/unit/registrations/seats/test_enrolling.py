"""Who is enrolled by which rule."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registrations.seats.answering import managers_shown, rules_shown
from services.registrations.seats.enrolling import enrolment, enrolment_writes, rules_in_force
from shared.bus.store import Write
from shared.contract.catalogue import ENROLMENT, FACTS
from shared.contract.commands.digests import AppointManager
from shared.contract.commands.enrolment import LeaveEnrolment, RemoveEnrolmentRule, SetEnrolmentRule
from shared.contract.facts.enrolment import Enrolment
from shared.contract.facts.registrations import Affiliation
from shared.contract.groups import Group
from shared.contract.message import Fact
from shared.contract.results import Rejection
from shared.contract.subjects import FactSubject
from tests.unit.registrations.known_facts import NOW, Known, community, contact, programme

LATER = NOW + timedelta(days=1)


def rule(name: str = "all-hillside", **group: Any) -> SetEnrolmentRule:
    return SetEnrolmentRule.model_validate(
        {"rule": name, "programme": "spring-2027", "group": group or {"school": "Hillside"}}
    )


def works(person: str, school: str = "Hillside", **other: Any) -> Affiliation:
    return Affiliation.model_validate({"person": person, "school": school} | other)


class Northgate(Known):
    """People of two schools, and the work that enrols them."""

    def __init__(self) -> None:
        affiliations = (works("ann"), works("ben", "Lakeside"))
        super().__init__(community(), programme(), contact("ann"), contact("ben"), *affiliations)

    def enrol(self, now: Any = NOW) -> list[Write]:
        rules = rules_in_force(self.facts, "northgate", now)
        writes = [
            write
            for person in ("ann", "ben")
            for write in enrolment_writes(self.facts, "northgate", person, rules, now)
        ]
        for write in writes:
            self._store(FactSubject(write.ref, write.what), write.state)
        return writes

    def change(self, state: Fact) -> None:
        """That entity becomes so."""
        kind = next(each for each in FACTS if each.model is type(state))
        ref = kind.ref("northgate", *(str(getattr(state, name)) for name in kind.ids))
        self._store(FactSubject(ref, kind.whats[0]), state)

    def enrolled(self) -> set[str]:
        return {write.person for write in self.enrolments() if write.rules}

    def enrolments(self) -> list[Enrolment]:
        return list(self.facts.states(ENROLMENT, Enrolment, "northgate").values())


@pytest.fixture
def northgate() -> Northgate:
    return Northgate()


def test_a_rule_enrols_everybody_of_its_group_and_nobody_else(northgate: Northgate) -> None:
    northgate.done(rule())
    assert [each.what for each in northgate.enrol()] == ["enrolled"]
    assert northgate.enrolled() == {"ann"}
    assert northgate.enrolments()[0].enrolled_at == NOW


def test_once_enrolled_nothing_more_is_written(northgate: Northgate) -> None:
    northgate.done(rule())
    northgate.enrol()
    assert northgate.enrol(LATER) == []


def test_who_comes_to_the_group_later_is_enrolled_then_and_who_leaves_it_is_enrolled_no_more(
    northgate: Northgate,
) -> None:
    northgate.done(rule())
    northgate.enrol()
    for state in (works("ann", "Lakeside"), works("ben", "Hillside")):
        northgate.change(state)
    assert sorted(each.what for each in northgate.enrol(LATER)) == ["ended", "enrolled"]
    assert northgate.enrolled() == {"ben"}


def test_who_leaves_is_never_enrolled_again_by_the_same_rule_but_by_another(northgate: Northgate) -> None:
    northgate.done(rule())
    northgate.enrol()
    northgate.done(LeaveEnrolment(person="ann", programme="spring-2027"))
    assert northgate.enrol(LATER) == []
    northgate.done(RemoveEnrolmentRule(rule="all-hillside"))
    northgate.done(rule())
    assert northgate.enrol(LATER) == []
    northgate.done(rule("everybody", department="Science", school="Hillside"))
    northgate.change(works("ann", department="Science"))
    assert [each.what for each in northgate.enrol(LATER)] == ["enrolled"]


def test_leaving_what_one_is_not_in_changes_nothing(northgate: Northgate) -> None:
    assert northgate.done(LeaveEnrolment(person="ann", programme="spring-2027")) == []


def test_removing_a_rule_ends_what_it_alone_did(northgate: Northgate) -> None:
    northgate.done(rule())
    northgate.done(rule("science", department="Science"))
    northgate.change(works("ben", "Lakeside", department="Science"))
    northgate.enrol()
    northgate.done(RemoveEnrolmentRule(rule="all-hillside"))
    assert [(each.ref.ids[0], each.what) for each in northgate.enrol(LATER)] == [("ann", "ended")]
    assert northgate.enrolled() == {"ben"}


def test_a_rule_of_a_programme_that_is_over_enrols_nobody(northgate: Northgate) -> None:
    northgate.done(rule())
    assert northgate.enrol(NOW + timedelta(days=400)) == []


def test_who_has_not_proven_their_address_is_not_enrolled(northgate: Northgate) -> None:
    northgate.done(rule())
    northgate.change(contact("ann", verified=False))
    assert northgate.enrol() == []


def test_a_rule_for_an_unknown_programme_is_refused(northgate: Northgate) -> None:
    with pytest.raises(Rejection) as refused:
        northgate.done(rule().model_copy(update={"programme": "autumn"}))
    assert refused.value.errors[0].field == "programme"


async def test_the_list_of_rules_tells_how_many_are_in_and_how_many_left(northgate: Northgate) -> None:
    northgate.done(rule())
    northgate.enrol()
    northgate.done(LeaveEnrolment(person="ann", programme="spring-2027"))
    (shown,) = (await rules_shown(northgate.facts, "northgate")).rules
    assert (shown.rule, shown.enrolled, shown.left) == ("all-hillside", 0, 1)


async def test_managers_are_listed_with_their_teams_and_how_many_people_these_have(northgate: Northgate) -> None:
    team = {"person": "ben", "teams": [{"school": "Hillside"}, {"school": "Lakeside", "department": "Arts"}]}
    northgate.done(AppointManager.model_validate(team))
    northgate.done(AppointManager(person="ann"))
    (shown,) = (await managers_shown(northgate.facts, "northgate")).managers
    assert (shown.person, shown.members, len(shown.teams)) == ("ben", 1, 2)


@pytest.mark.parametrize(
    ("group", "belongs"),
    [
        ({"school": "hillside"}, True),
        ({"school": "Hillside", "department": "Arts"}, False),
        ({"sector": "primary"}, True),
        ({"sector": "university"}, False),
        ({"tag": "maths"}, True),
        ({"tag": "maths", "sector": "secondary"}, False),
        ({"group": "new-teachers"}, True),
        ({"group": "new"}, False),
    ],
)
def test_all_that_a_group_says_must_apply(group: dict[str, str], belongs: bool) -> None:
    person = works("ann", department="Science", sector="primary", tags=["maths"], groups=["new-teachers"])
    assert Group.model_validate(group).has(person) is belongs


def test_a_group_that_says_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="one of sector, school, department, tag and group"):
        Group()


RULES = st.sets(st.sampled_from(["a", "b", "c"]))
STEPS = st.lists(st.one_of(RULES.map(lambda rules: ("match", rules)), st.just(("leave", set()))), max_size=12)


@given(STEPS)
def test_in_no_history_does_a_rule_enrol_who_left_it(steps: list[tuple[str, set[str]]]) -> None:
    state = Enrolment(person="ann", programme="spring-2027")
    left: set[str] = set()
    for kind, rules in steps:
        if kind == "leave":
            left |= set(state.rules)
            state = state.model_copy(update={"rules": (), "left": tuple(sorted({*state.left, *state.rules}))})
        else:
            state = enrolment(state, rules, NOW)
            assert set(state.rules) == rules - left
            assert enrolment(state, rules, LATER) == state
        assert set(state.left) == left

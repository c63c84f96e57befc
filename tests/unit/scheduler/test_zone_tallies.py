from __future__ import annotations

from datetime import date

from scheduling_samples import (
    DETERMINISTIC,
    FRIDAY,
    MONDAY,
    at,
    default_policy,
    placement,
    problem,
    programme,
    session,
)

from services.scheduler.packs_reading.library import shipped_packs
from services.scheduler.packs_reading.pack import Override, Pack
from services.scheduler.policy import laid_over
from services.scheduler.rules.base import Level, Scope
from services.scheduler.rules.windows import Exemption
from services.scheduler.solving import solve
from services.scheduler.zones import zone_tallies


def test_the_lunch_window_holds_the_light_lunch_and_says_by_which_exemption() -> None:
    made = problem([session("lunch", format="light-lunch"), session("a")], policy=default_policy())
    lunch = next(tally for tally in solve(made, DETERMINISTIC).zones if tally.rule == "no-lunch")
    assert (lunch.where, lunch.sessions) == ("in the lunch window", ("lunch",))
    assert lunch.exemption is not None
    assert "rule light-lunch-exempt of pack no-lunch-no-friday, version 2" in lunch.exemption


def test_a_zone_that_holds_nothing_is_told_too() -> None:
    made = problem([session("a")], policy=default_policy(nation="GB-ENG"))
    tallies = {tally.where: tally for tally in solve(made, DETERMINISTIC).zones}
    assert list(tallies) == ["in the lunch window", "on a Friday", "at a weekend", "on a bank holiday"]
    assert all(tally.sessions == () and tally.exemption is None for tally in tallies.values())
    assert "Source:" in tallies["on a Friday"].sentence


def test_a_placement_from_elsewhere_that_lies_on_a_friday_is_counted() -> None:
    made = problem([session("a")], policy=default_policy())
    tallies = zone_tallies(made, [placement(session("a"), at(FRIDAY, 10))])
    assert {tally.rule: tally.sessions for tally in tallies}["no-friday"] == ("a",)


def test_lunch_is_local_lunch_after_the_clock_change() -> None:
    monday = date(2027, 3, 29)
    made = problem([session("a")], policy=default_policy(), first_day=MONDAY, last_day=monday)
    noon, one_earlier = at(monday, 11), at(monday, 10)
    assert zone_tallies(made, [placement(session("a"), noon)])[0].sessions == ("a",)
    assert zone_tallies(made, [placement(session("a"), one_earlier)])[0].sessions == ()


def test_a_zone_that_is_switched_off_or_looks_at_other_formats_holds_nothing() -> None:
    def tallies(**changes: object) -> dict[str, tuple[str, ...]]:
        policy = default_policy()
        rules = tuple(one.model_copy(update=changes) if one.id == "no-friday" else one for one in policy.rules)
        made = problem([session("a")], policy=policy.model_copy(update={"rules": rules}))
        return {each.rule: each.sessions for each in zone_tallies(made, [placement(session("a"), at(FRIDAY, 10))])}

    assert tallies(scope=Scope(formats=("nano",)))["no-friday"] == ()
    assert tallies(scope=Scope(formats=("workshop",)))["no-friday"] == ("a",)
    assert "no-friday" not in tallies(level=Level.IGNORE)


def test_a_zone_of_a_layer_is_told_with_the_layers_name() -> None:
    packs = shipped_packs()
    exempt = Override(
        rule="friday-afternoon",
        source="test",
        exemptions=(Exemption(id="late-workshop", formats=("workshop",), sentence="Workshops may"),),
    )
    layer = Pack(pack="own", version=5, title="T", rules=(), waiting=(exempt,))
    policy = laid_over(packs["avoid-shoulders"], [packs["friday-half-day"], layer], programme())
    made = problem([session("a")], policy=policy)
    tally = next(
        each
        for each in zone_tallies(made, [placement(session("a"), at(FRIDAY, 15))])
        if each.rule == "friday-afternoon"
    )
    assert tally.exemption == "Workshops may (rule late-workshop of pack own, version 5)."

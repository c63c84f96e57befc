"""Pack files: what they may say, what they build on, and how errors are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from scheduling_samples import MONDAY, programme

from services.scheduler.errors import PackError, UnknownPackError
from services.scheduler.packs_reading.library import packs_with, read_library, read_pack, shipped_packs
from services.scheduler.packs_reading.observances import Observance
from services.scheduler.packs_reading.pack import Pack
from services.scheduler.policy import laid_over, policy_of
from services.scheduler.rules.attendee_conflict import AttendeeConflict
from services.scheduler.rules.base import Level
from services.scheduler.rules.names import MustHold
from services.scheduler.rules.policy import MOST_THAT_MUST_HOLD, Policy
from services.scheduler.rules.windows import ProhibitedTimes
from shared.contract.facts.registrations import Community

PACK = """\
pack: short
version: 2
title: A short pack
rules:
  - id: no-friday
    kind: prohibited-times
    where: on a Friday
    weekdays: [fri]
    sentence: Nothing is placed on a Friday
    source: Staff meeting
"""
LAYER = """\
pack: softer
version: 7
title: Fridays if need be
overrides:
  - rule: no-friday
    level: warn
    share: 10
    source: Governors, May
"""


def written(folder: Path, text: str, name: str = "short.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, text: str) -> str:
    with pytest.raises(PackError) as error:
        read_pack(written(folder, text), shipped_packs())
    return str(error.value)


def resolved(*packs: Pack) -> Policy:
    return laid_over(packs[0], packs[1:], programme())


def friday_of(policy: Policy) -> ProhibitedTimes:
    rule = next(rule for rule in policy.rules if rule.id == "no-friday")
    assert isinstance(rule, ProhibitedTimes)
    return rule


def test_a_pack_is_read_with_its_version_and_rules(tmp_path: Path) -> None:
    pack = read_pack(written(tmp_path, PACK))
    assert (pack.pack, pack.version, [rule.id for rule in pack.rules]) == ("short", 2, ["no-friday"])


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [  # the file's name goes before each
        ("[fri]", "[friday]", "line 8: rules.0.prohibited-times.weekdays.0: "),
        ("    source: Staff meeting\n", "", "line 5: rules.0.prohibited-times.source: is missing"),
        ("prohibited-times", "wishful", "line 5: rules.0: is of no known kind"),
        (
            "rules:",
            "calendar: [{period: term, first: 2027-02-01, last: 2027-01-01, name: T}]\nrules:",
            "line 4: calendar.0: last must not be before first",
        ),
        ("version: 2", "version: 0", "line 2: version: "),
        ("pack: short", "pack: Short Pack", "line 1: pack: "),
        ("where:", "wheer:", "line 7: rules.0.prohibited-times.wheer: is not a field"),
        (
            "title: A short pack",
            "title: A short pack\nextends: [nowhere]",
            "line 4: extends.0: 'nowhere' is",
        ),
        (
            "kind: prohibited-times",
            "kind: prohibited-times\n    level: loud",
            "line 7: rules.0.prohibited",
        ),
        ("weekdays: [fri]", 'start: "25:00"', "line 8: rules.0.prohibited-times.start: "),
        (
            "weekdays: [fri]",
            'start: "09:00+02:00"',
            "line 5: rules.0.prohibited-times: start and end are local",
        ),
    ],
)
def test_an_error_names_file_line_and_key(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    assert f"short.yaml, {told}" in refused(tmp_path, PACK.replace(right, wrong))


def test_all_errors_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    told = refused(tmp_path, PACK.replace("version: 2", "version: x").replace("[fri]", "[friday]"))
    assert {line.split(":")[0] for line in told.splitlines()} == {"short.yaml, line 2", "short.yaml, line 8"}


def test_a_file_full_of_errors_tells_the_first_of_them(tmp_path: Path) -> None:
    many = "".join(f"  - {{id: r-{number}, kind: wishful}}\n" for number in range(40))
    assert len(refused(tmp_path, PACK + many).splitlines()) == 20


@pytest.mark.parametrize("text", ["pack: [short\n", "pack: a\npack: b\n", "a: &x [*x, *y]\n"])
def test_text_that_is_not_yaml_is_reported_with_its_line(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path, text).startswith("short.yaml, line ")


def test_a_file_that_holds_no_mapping_or_bytes_of_another_kind_is_refused_in_words(tmp_path: Path) -> None:
    assert refused(tmp_path, "- a\n- b\n").startswith("short.yaml, line 1: ")
    path = tmp_path / "bytes.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PackError, match=r"^bytes\.yaml, line 1: this is not YAML"):
        read_pack(path)
    with pytest.raises(PackError, match=r"^none\.yaml: cannot be read"):
        read_pack(tmp_path / "none.yaml")


def test_two_rules_may_not_share_an_id(tmp_path: Path) -> None:
    assert "'no-friday' is taken already" in refused(tmp_path, PACK + PACK[PACK.index("  - id") :])


@pytest.mark.parametrize("rule", list(MustHold))
def test_a_pack_may_not_take_the_id_of_a_rule_that_always_holds(tmp_path: Path, rule: MustHold) -> None:
    assert "is taken already" in refused(tmp_path, PACK.replace("id: no-friday", f"id: {rule}"))


def test_a_rule_of_every_programme_needs_a_source_when_a_pack_restates_it(tmp_path: Path) -> None:
    told = refused(tmp_path, PACK + "  - {id: attendee-conflict, kind: attendee-conflict, weight: 3}\n")
    assert told.startswith("short.yaml, line 11: rules.1.source: is missing")


def test_a_pack_that_extends_another_has_its_rules_and_says_the_last_word(tmp_path: Path) -> None:
    written(tmp_path, PACK)
    written(tmp_path, LAYER.replace("version: 7", "version: 7\nextends: [short]"), "softer.yaml")
    library = read_library(tmp_path)
    rule = friday_of(resolved(library.packs["softer"]))
    assert library.problems == ()
    assert (rule.level, rule.share, rule.source) == (Level.WARN, 10, "Governors, May")
    assert (rule.sentence, rule.where) == ("Nothing is placed on a Friday", "on a Friday")
    assert friday_of(resolved(library.packs["short"])).level is Level.MUST


def test_a_rule_with_the_id_of_one_beneath_takes_its_place(tmp_path: Path) -> None:
    text = PACK.replace("title: A short pack", "title: T\nextends: [no-lunch-no-friday]").replace("[fri]", "[thu, fri]")
    policy = resolved(read_pack(written(tmp_path, text), shipped_packs()))
    assert friday_of(policy).weekdays == ("thu", "fri")
    assert [rule.id for rule in policy.rules].count("no-friday") == 1


def test_packs_that_extend_each_other_in_a_circle_are_refused_by_name(tmp_path: Path) -> None:
    for name, below in (("a", "b"), ("b", "c"), ("c", "a"), ("d", "d")):
        written(tmp_path, f"pack: {name}\nversion: 1\ntitle: T\nextends: [{below}]\n", f"{name}.yaml")
    written(tmp_path, PACK)
    library = read_library(tmp_path)
    assert set(library.packs) == {"short"}
    assert "c.yaml, line 4: extends.0: packs extend each other in a circle: a -> b -> c -> a" in library.problems
    assert "d.yaml, line 4: extends.0: packs extend each other in a circle: d -> d" in library.problems


def test_an_override_of_no_rule_names_line_and_key(tmp_path: Path) -> None:
    text = LAYER.replace("version: 7", "version: 7\nextends: [no-lunch-no-friday]").replace("no-friday\n", "no-frday\n")
    assert refused(tmp_path, text).startswith("short.yaml, line 6: overrides.0.rule: no rule of the extended packs")


def test_an_override_that_does_not_fit_its_rule_names_line_and_key(tmp_path: Path) -> None:
    text = LAYER.replace("softer", "odd").replace("version: 7", "version: 7\nextends: [no-lunch-no-friday]")
    assert "line 6: overrides.0.rule: cannot change rule 'no-friday' like that: share: " in refused(
        tmp_path, text.replace("share: 10", "share: 99")
    )
    assert "line 7: overrides.0.level: " in refused(tmp_path, text.replace("level: warn", "level:"))


def test_a_layer_changes_level_weight_scope_and_exemptions_of_the_pack_below(tmp_path: Path) -> None:
    text = LAYER + "    weight: 3\n    scope: {formats: [workshop]}\n    exemptions:\n"
    text += "      - {id: fri-nano, formats: [nano], sentence: Nano talks are short}\n"
    layer = read_pack(written(tmp_path, text), shipped_packs())
    rule = friday_of(resolved(shipped_packs()["no-lunch-no-friday"], layer))
    assert (rule.level, rule.weight, rule.share, rule.scope.formats) == (Level.WARN, 3, 10, ("workshop",))
    assert [exemption.id for exemption in rule.exemptions] == ["fri-nano"]


def test_a_layer_may_change_a_rule_of_every_programme(tmp_path: Path) -> None:
    text = LAYER.replace("rule: no-friday", "rule: attendee-conflict").replace("share: 10", "weight: 9")
    policy = resolved(shipped_packs()["no-lunch-no-friday"], read_pack(written(tmp_path, text)))
    changed = [rule for rule in policy.in_force() if isinstance(rule, AttendeeConflict)]
    assert [rule.weight for rule in changed] == [9]


def test_a_layer_over_a_pack_without_its_rule_is_refused_in_words(tmp_path: Path) -> None:
    layer = read_pack(written(tmp_path, LAYER))
    with pytest.raises(PackError, match=r"programme week: pack softer changes rule 'no-friday', which no pack below"):
        resolved(shipped_packs()["uni-uk"], layer)


def test_the_last_word_on_a_rule_is_quoted_with_its_pack_and_source(tmp_path: Path) -> None:
    policy = resolved(shipped_packs()["no-lunch-no-friday"], read_pack(written(tmp_path, LAYER)))
    told = policy.quoted(friday_of(policy))
    assert told == "Nothing is placed on a Friday (rule no-friday of pack softer, version 7; source: Governors, May)"
    assert policy.name() == "pack no-lunch-no-friday, version 2 with pack softer, version 7"
    assert policy.origin("no-lunch") == "pack no-lunch-no-friday, version 2"


def test_layers_of_the_community_lie_beneath_those_of_the_programme(tmp_path: Path) -> None:
    written(tmp_path, LAYER)
    written(tmp_path, LAYER.replace("softer", "harder").replace("warn", "block-release"), "harder.yaml")
    packs = {**shipped_packs(), **read_library(tmp_path).packs}
    community = Community.model_validate(Community.example | {"policy_layers": ["harder"]})
    own = programme().model_copy(update={"policy_layers": ("softer",)})
    assert friday_of(policy_of(programme(), community, packs)).level is Level.BLOCK_RELEASE
    assert friday_of(policy_of(own, community, packs)).level is Level.WARN
    with pytest.raises(UnknownPackError, match=r"programme week: policy_layers 'nobodys' is not one of "):
        policy_of(own.model_copy(update={"policy_layers": ("nobodys",)}), None, packs)


def test_a_bad_file_in_the_pack_folder_costs_no_other(tmp_path: Path) -> None:
    written(tmp_path, PACK)
    written(tmp_path, "pack: broken\n", "broken.yaml")
    written(tmp_path, PACK.replace("pack: short", "pack: uni-uk"), "twin.yml")
    library = packs_with(tmp_path)
    assert set(library.packs) == {*shipped_packs(), "short"}
    assert library.packs["uni-uk"] == shipped_packs()["uni-uk"]
    assert [problem.split(":")[0] for problem in library.problems] == [
        "broken.yaml, line 1",
        "twin.yml, line 1",
    ]


def test_a_pack_folder_that_is_not_there_is_a_problem_in_words(tmp_path: Path) -> None:
    library = packs_with(tmp_path / "nowhere")
    assert library.packs == shipped_packs()
    assert "is no folder" in library.problems[0]
    assert packs_with(None).problems == ()


def test_more_rules_than_reasons_can_be_kept_for_are_refused_in_words() -> None:
    rules = tuple(ProhibitedTimes(id=f"r-{number}", sentence="S", source="T", where="then") for number in range(60))
    with pytest.raises(ValueError, match=rf"must hold, those of every programme included; {MOST_THAT_MUST_HOLD} may"):
        Policy(pack="p", version=1, rules=rules)


def test_a_policy_of_a_pack_alone_is_named_by_it() -> None:
    assert resolved(shipped_packs()["uni-uk"]).name() == "pack uni-uk, version 1"
    assert programme().first_day == MONDAY


def test_the_pack_in_the_documentation_is_in_order(tmp_path: Path) -> None:
    text = Path("docs/policy-packs.md").read_text(encoding="utf-8")
    pack = read_pack(written(tmp_path, text.split("```yaml\n")[1].split("```")[0]), shipped_packs())
    changed = next(rule for rule in pack.rules if rule.id == "wednesday-afternoon")
    assert (pack.pack, changed.level) == ("northmoor", Level.BLOCK_RELEASE)


def test_the_documentation_tells_of_every_shipped_pack_kind_and_observance() -> None:
    text = Path("docs/policy-packs.md").read_text(encoding="utf-8")
    kinds = {rule.kind for pack in shipped_packs().values() for rule in pack.rules}
    assert [name for name in (*shipped_packs(), *kinds, *Observance) if f"`{name}`" not in text] == []


OWN_ATTENDANCE = """\
pack: own
version: 1
title: Attendance in its own words
rules:
  - {id: come-all, kind: attendance, sentence: All can come, source: Staff meeting, weight: 2}
"""
HEAVIER = """\
pack: heavier
version: 1
title: Attendance counts more
overrides:
  - {rule: attendance, weight: 7, source: Governors}
"""


def weights_of_attendance(policy: Policy) -> dict[str, int]:
    return {rule.id: rule.weight for rule in policy.in_force() if getattr(rule, "kind", "") == "attendance"}


@pytest.mark.parametrize(
    ("texts", "weights"),
    [
        ((OWN_ATTENDANCE, HEAVIER), {"come-all": 7}),  # the layer changes what the pack below states
        ((HEAVIER, OWN_ATTENDANCE), {"come-all": 2}),  # the upper pack has the last word
        ((PACK, HEAVIER), {"attendance": 7}),
        ((PACK, HEAVIER, HEAVIER.replace("heavier", "heaviest").replace("7", "9")), {"attendance": 9}),
        ((OWN_ATTENDANCE + HEAVIER[HEAVIER.index("overrides") :],), {"come-all": 7}),
    ],
)
def test_a_rule_of_every_programme_is_there_once_however_it_is_changed(
    tmp_path: Path, texts: tuple[str, ...], weights: dict[str, int]
) -> None:
    packs = [read_pack(written(tmp_path, text, f"{number}.yaml")) for number, text in enumerate(texts)]
    assert weights_of_attendance(resolved(*packs)) == weights


def test_a_change_that_the_rule_of_every_programme_cannot_take_is_refused_with_its_line(tmp_path: Path) -> None:
    text = HEAVIER.replace("weight: 7", "share: 5")
    assert "short.yaml, line 5: overrides.0.rule: cannot change rule 'attendance' like that" in refused(tmp_path, text)


RULE = "  - {{id: {id}, kind: {kind}, sentence: S, source: T, {more}}}\n"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (RULE.format(id="rooms", kind="room-conflict", more="level: warn"), "line 11: rules.1.room-conflict: "),
        (RULE.format(id="attendance", kind="weekend", more="where: w"), "line 11: rules.1.id: the rule id"),
        (RULE.format(id="no-friday", kind="weekend", more="where: w"), "line 11: rules.1.id: the rule id"),
    ],
)
def test_what_no_programme_could_use_is_refused_with_its_line(tmp_path: Path, wrong: str, told: str) -> None:
    assert f"short.yaml, {told}" in refused(tmp_path, PACK + wrong)


@pytest.mark.parametrize("text", ["", "[]", "42"])
def test_a_file_without_keys_is_refused_in_words(tmp_path: Path, text: str) -> None:
    assert "short.yaml, line 1: holds no keys with values; allowed: the keys pack, version" in refused(tmp_path, text)

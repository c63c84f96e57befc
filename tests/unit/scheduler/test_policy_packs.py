from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from scheduling_samples import default_policy, programme

from services.scheduler.errors import PackError, UnknownNationError
from services.scheduler.policy import bank_holidays, read_pack, shipped_packs
from services.scheduler.rules.names import MustHold
from services.scheduler.rules.windows import ProhibitedDates

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


def written(folder: Path, text: str) -> Path:
    path = folder / "short.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_pack_is_read_with_its_version_and_rules(tmp_path: Path) -> None:
    pack = read_pack(written(tmp_path, PACK))
    assert (pack.pack, pack.version, [rule.id for rule in pack.rules]) == ("short", 2, ["no-friday"])


def test_an_error_names_file_line_and_key(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"^short\.yaml, line 8: rules\.0.*\.weekdays\.0: .*'mon'"):
        read_pack(written(tmp_path, PACK.replace("[fri]", "[friday]")))


def test_a_missing_key_is_reported_at_the_rule_that_lacks_it(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"^short\.yaml, line 5: rules\.0.*\.source: is missing"):
        read_pack(written(tmp_path, PACK.replace("    source: Staff meeting\n", "")))


def test_an_unknown_kind_of_rule_is_reported_at_its_rule(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"^short\.yaml, line 5: rules\.0: is of no known kind"):
        read_pack(written(tmp_path, PACK.replace("prohibited-times", "wishful")))


def test_text_that_is_not_yaml_is_reported_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"^short\.yaml, line \d+: this is not YAML"):
        read_pack(written(tmp_path, "pack: [short\n"))


def test_two_rules_may_not_share_an_id(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="'no-friday' is taken already"):
        read_pack(written(tmp_path, PACK + PACK[PACK.index("  - id") :]))


@pytest.mark.parametrize("rule", list(MustHold))
def test_a_pack_may_not_take_the_id_of_a_rule_that_always_holds(tmp_path: Path, rule: MustHold) -> None:
    with pytest.raises(PackError, match="is taken already"):
        read_pack(written(tmp_path, PACK.replace("id: no-friday", f"id: {rule}")))


def test_every_shipped_pack_is_valid_and_named_like_its_file() -> None:
    assert "no-lunch-no-friday" in shipped_packs()


def test_bank_holidays_are_those_of_the_nation() -> None:
    easter = programme(date(2027, 3, 20), date(2027, 4, 9), "GB-ENG")
    assert [str(span.first) for span in bank_holidays(easter)] == ["2027-03-26", "2027-03-29"]
    assert [str(span.first) for span in bank_holidays(easter.model_copy(update={"nation": "GB-SCT"}))] == ["2027-03-26"]


def test_bank_holidays_become_prohibited_dates_of_the_policy() -> None:
    policy = default_policy(date(2027, 3, 20), date(2027, 4, 9), "GB-ENG")
    rule = next(rule for rule in policy.rules if rule.id == "bank-holidays")
    assert isinstance(rule, ProhibitedDates)
    assert len(rule.spans) == 2


def test_without_a_nation_there_is_no_rule_of_bank_holidays() -> None:
    assert "bank-holidays" not in [rule.id for rule in default_policy().rules]


def test_an_unknown_nation_is_refused_in_words() -> None:
    with pytest.raises(UnknownNationError, match="nation 'GB-XYZ' has no known bank holidays"):
        default_policy(nation="GB-XYZ")

"""``teachmeet packs``: list, show, check."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from teachmeet.cli import app

OWN = "pack: own\nversion: 3\ntitle: Our own\nextends: [uni-uk]\n"
LAYER = "pack: softer\nversion: 1\ntitle: Softer\noverrides:\n  - {rule: no-friday, level: warn, source: Governors}\n"


def run(*arguments: str, folder: Path | None = None) -> Result:
    environment = {"COLUMNS": "200", "NO_COLOR": "1", "TEACHMEET_PACK_FOLDER": str(folder) if folder else ""}
    return CliRunner().invoke(app, ["packs", *arguments], env=environment)


def test_packs_are_listed_with_version_and_title() -> None:
    listed = run()
    assert listed.exit_code == 0
    assert "no-lunch-no-friday" in listed.stdout
    found = json.loads(run("--json").stdout)
    assert {"pack": "no-lunch-no-friday", "version": 2, "title": "No lunch, no Friday"} in found["packs"]
    assert found["problems"] == []


def test_packs_of_the_community_are_listed_and_bad_files_are_told(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN)
    (tmp_path / "bad.yaml").write_text("pack: bad\n")
    listed = run("--json", folder=tmp_path)
    assert listed.exit_code == 1
    assert "own" in [each["pack"] for each in json.loads(listed.stdout)["packs"]]
    assert json.loads(listed.stdout)["problems"][0].startswith("bad.yaml, line 1: version: is missing")
    assert "bad.yaml, line 1" in run(folder=tmp_path).output


def test_a_pack_is_shown_with_its_rules_levels_and_sources(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN)
    shown = run("show", "own", folder=tmp_path)
    assert shown.exit_code == 0
    assert "Our own (pack own, version 3)" in shown.stdout
    assert "friday-prayers (prohibited-times; must): Friday 13:00 to 14:00 is kept free for prayers." in shown.stdout
    assert "wednesday-afternoon (prohibited-times; warn, weight 1, share 5/20 for each person)" in shown.stdout


@pytest.mark.parametrize("name", ["no-lunch-no-friday", "avoid-shoulders", "faith-days", "calendar-example"])
def test_every_kind_of_pack_can_be_shown_for_people_and_for_programs(name: str) -> None:
    assert run("show", name).exit_code == 0
    assert json.loads(run("show", name, "--json").stdout)["pack"] == name


def test_a_pack_that_nobody_knows_is_misuse() -> None:
    refused = run("show", "nobodys")
    assert refused.exit_code == 2
    assert "no-lunch-no-friday" in refused.output


def test_a_pack_file_is_checked(tmp_path: Path) -> None:
    good, layer, bad = tmp_path / "own.yaml", tmp_path / "layer.yaml", tmp_path / "bad.yaml"
    good.write_text(OWN)
    layer.write_text(LAYER)
    bad.write_text(OWN.replace("version: 3", "version: three"))
    assert "pack own, version 3, 12 rules; no errors" in run("check", str(good)).stdout
    assert "a layer: it changes rule no-friday" in run("check", str(layer)).stdout
    refused = run("check", str(bad))
    assert refused.exit_code == 1
    assert "bad.yaml, line 2: version: " in refused.output
    assert json.loads(run("check", str(bad), "--json").stdout)["errors"][0].startswith("bad.yaml, line 2: version: ")


def test_a_pack_of_the_folder_can_be_checked_where_it_lies(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN)
    assert run("check", str(tmp_path / "own.yaml"), folder=tmp_path).exit_code == 0

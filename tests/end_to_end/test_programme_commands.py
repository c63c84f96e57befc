"""From a template to a release on the command line: a programme, late proposals, a maybe, who has not confirmed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from organised import organised, refused, said
from system_on_a_folder import Up


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    with organised(tmp_path) as up:
        yield up


def proposed(up: Up, title: str, person: str, format: str) -> str:
    arguments = ("propose", "march", title, "--presenter", person, "--format", format, "--json")
    return str(json.loads(said(up, *arguments))["proposal"])


def test_a_teachmeet_from_its_template_to_its_release(up: Up) -> None:
    assert "nano (2 min), micro (7 min), soapbox (15 min)" in said(up, "programme", "templates")
    create = ("programme", "create", "teachmeet-evening", "march", "TeachMeet in March", "--first-day")
    assert "first_day is a Friday" in refused(up, *create, "2027-03-12")
    assert "closed now" in said(up, *create, "2027-03-11")
    assert "1 submitted" not in said(up, "programme", "show", "march")

    code = json.loads(said(up, "codes", "make", "march", "late", "--json"))["code"]
    assert len(code) == 14
    assert "late" in said(up, "codes", "list", "march")
    said(up, "codes", "revoke", "march", "late")

    quizzes, talk = proposed(up, "Quizzes", "p-001", "micro"), proposed(up, "Table talk", "p-002", "soapbox")
    too_long = ("propose", "march", "Long", "--presenter", "p-001", "--format", "nano", "--minutes", "60")
    assert "allowed: at most 2" in refused(up, *too_long)
    assert "looks like" in said(up, "propose", "march", "Quizzes!", "--presenter", "p-002", "--format", "nano")

    said(up, "proposals", "accept", quizzes)
    (unconfirmed,) = json.loads(said(up, "proposals", "list", "march", "--unconfirmed", "--json"))
    assert [(who["name"], who["word"]) for who in unconfirmed["presenters"]] == [("Vera Adeyemi", "asked")]
    assert "Quizzes" in said(up, "proposals", "list", "march")
    said(up, "proposals", "maybe", talk)
    said(up, "solve", "march", "--seconds", "2", "--include-maybe")
    assert "only a maybe" in refused(up, "release", "march", "--accept-outdated", "--accept-blocked")
    said(up, "proposals", "accept", talk, "--no-ask")
    said(up, "release", "march")
    shown = json.loads(said(up, "show", "march", "--json"))
    placed = {each["session"]: each["start"] for each in shown["plan"]["draft"]["placements"]}
    assert placed.keys() == {quizzes, talk}
    assert all("2027-03-11T16:30" <= start < "2027-03-11T18:00" for start in placed.values())

"""The project's own JSON form is what docs/exports.md says."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

from export_samples import SPRING, edition

from services.scheduler.exports.json_document import json_document

DOCUMENTED = Path(__file__).parents[4] / "docs" / "exports.md"


def test_a_release_says_its_form_and_version() -> None:
    document = json.loads(json_document(SPRING))
    assert (document["form"], document["version"]) == ("teachmeet-programme", 1)
    assert document["release"] == {"number": 2, "published_at": "2026-12-01T09:20:00Z", "note": None}
    assert [each["id"] for each in document["rooms"]] == ["hall", "library"]


def test_a_session_has_its_instant_its_local_time_and_its_room() -> None:
    [_, retrieval, part_one, _] = json.loads(json_document(replace(SPRING, zone="Asia/Dubai")))["sessions"]
    assert (retrieval["start"], retrieval["local_start"]) == ("2027-01-12T15:30:00Z", "2027-01-12T19:30:00+04:00")
    assert (retrieval["room"], retrieval["presenters"]) == ("library", ["Amara Osei"])
    assert part_one["part"] == {"number": 1, "of": 2}


def test_there_is_no_address_no_id_of_a_person_and_no_join_link() -> None:
    text = json_document(SPRING)
    assert "@" not in text
    assert "p-001" not in text
    assert "join" not in text


def test_every_field_is_documented_and_no_other() -> None:
    section = DOCUMENTED.read_text(encoding="utf-8").split("## JSON", 1)[1].split("\n## ", 1)[0]
    named = set(re.findall(r"^\| `([a-z_.\[\]]+)` \|", section, re.MULTILINE))
    assert named == set(paths(json.loads(json_document(SPRING))))


def paths(node: object, at: str = "") -> list[str]:
    """``sessions[].title`` for every value."""
    if isinstance(node, dict):
        found = [path for name, value in node.items() for path in paths(value, f"{at}.{name}" if at else name)]
        return [each for each in found if each != "sessions[].part"]
    if isinstance(node, list) and node and isinstance(node[0], dict):
        return [path for value in node for path in paths(value, f"{at}[]")]
    return [at]


def test_equal_editions_give_equal_text() -> None:
    assert json_document(edition(*reversed(SPRING.sessions))) == json_document(SPRING)

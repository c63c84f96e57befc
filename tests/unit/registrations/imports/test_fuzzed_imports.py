"""Thousands of malformed rows and files of every kind: each is refused with a reason, and no good row is lost."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from services.registrations.imports.drafts import DraftCommand, Import
from services.registrations.imports.hints import Hints
from services.registrations.imports.horizon import Horizon
from services.registrations.imports.reading import read_import
from shared.contract.catalogue import endpoint
from shared.contract.subjects import Service

HINTS = Hints(values={"programme": "spring-2027", "school": "Lakeside", "site": "Lakeside", "capacity": "30"})
TERM = Horizon(date(2027, 1, 5), date(2027, 4, 30), "Europe/London")
MANY = settings(max_examples=50, deadline=None, database=None, suppress_health_check=[*HealthCheck])
IN_EACH = 20


def read(name: str, content: bytes) -> Import:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return read_import(path, horizon=TERM, hints=HINTS)


def is_good(draft: DraftCommand) -> bool:
    """Whether registrations would take the form of it; who presents is looked up elsewhere."""
    found = endpoint(Service.REGISTRATIONS, draft.entity, draft.verb)
    assert found is not None
    presenters = {"presenters": ["p-1"]} if draft.payload.get("presenters") else {}
    person = {"person": "p-1"} if draft.name == "person.register" else {}
    try:
        found.command.model_validate_json(json.dumps(person | draft.payload | presenters))
    except ValidationError:
        return False
    return True


def titles(found: Import) -> set[str]:
    return {str(each.payload.get("title")) for each in found.commands if is_good(each)}


# Each is one line of a table of people that cannot be a person, and costs no other line.
BAD_LINES = st.one_of(
    st.sampled_from(
        [",,", "x", "p,Amara,nowhere", "p,,a@b.example", "P 1,Amara,a@b.example", "p,Amara,a@b.example,,x"]
    ),
    st.builds(lambda junk: f"{junk.hex()},\x00,{junk.hex()}@", st.binary(max_size=8)),
    st.builds(lambda long: f"{'x' * long},Amara,a@b.example", st.integers(65, 400)),
    st.sampled_from(['p,"Ama"ra,a@b.example', 'p,"Amara"x,a@b.example']),
).map(str.encode) | st.sampled_from([b"p,\xff\xfe,a@b.example", b"p,\xc3(,a@b.example"])


@MANY
@given(st.lists(BAD_LINES, min_size=IN_EACH, max_size=IN_EACH), st.sampled_from([b",", b";", b"\t"]))
def test_1000_malformed_lines_of_csv_are_refused_and_no_good_line_among_them_is_lost(
    bad: list[bytes], separator: bytes
) -> None:
    good = [f"good-{number},Zoë,g{number}@lakeside.example".encode() for number in range(len(bad))]
    lines = [b"person,name,address", *(line for pair in zip(bad, good, strict=True) for line in pair)]
    found = read("people.csv", b"\n".join(lines).replace(b",", separator))
    kept = [each.payload["person"] for each in found.commands if is_good(each)]
    assert kept == [f"good-{number}" for number in range(len(bad))]
    refused = len(found.problems) + sum(not is_good(each) for each in found.commands)
    blank = sum(not line.replace(b",", b"").strip() for line in bad)
    assert refused == len(bad) - blank


NO_VALUE = st.sampled_from([None, True, -1, 1.5, "", " ", [], {}, [[]], {"x": None}, 10**30, "x" * 9000])
BAD_FIELD = {
    "pretalx": st.sampled_from(["title", "speakers", "submission_type", "state"]),
    "sessionize": st.sampled_from(["title", "speakers", "status"]),
}


def submission(number: int) -> dict[str, Any]:
    speakers = [{"code": "S1", "name": "Amara Osei", "email": "a@h.example"}]
    return {"code": f"C{number}", "title": f"Talk {number}", "speakers": speakers, "submission_type": "Nano"}


def session(number: int) -> dict[str, Any]:
    return {"id": str(number), "title": f"Talk {number}", "speakers": ["g-1"], "categoryItems": [7]}


def written(kind: str, entries: list[Any]) -> bytes:
    if kind == "pretalx":
        return json.dumps({"results": entries}).encode()
    categories = [{"title": "Session format", "items": [{"id": 7, "name": "Nano (2 min)"}]}]
    speakers = [{"id": "g-1", "fullName": "Amara Osei"}]
    return json.dumps({"sessions": entries, "speakers": speakers, "categories": categories}).encode()


@pytest.mark.parametrize("kind", ["pretalx", "sessionize"])
@MANY
@given(data=st.data())
def test_2000_entries_of_other_systems_with_anything_in_them_cost_no_good_one(kind: str, data: st.DataObject) -> None:
    make = submission if kind == "pretalx" else session
    bad = data.draw(st.lists(st.tuples(BAD_FIELD[kind], NO_VALUE), min_size=IN_EACH, max_size=IN_EACH))
    entries: list[Any] = [make(0)]
    for number, (name, value) in enumerate(bad, start=1):
        entries += [make(1000 + number) | {name: value}, make(number)]
    found = read("export.json", written(kind, entries))
    assert {f"Talk {number}" for number in range(len(bad) + 1)} <= titles(found)
    whole = {f"Talk {1000 + number}" for number, (name, value) in enumerate(bad, 1) if name == "title"}
    assert not titles(found) & whole


GARBAGE = st.one_of(
    st.binary(max_size=60),
    st.sampled_from([b"", b"{", b"[" * 5000, b"NaN", b'{"sessions":1,"speakers":[]}', b"\xff\xfe{", b"\xef\xbb\xbf"]),
    st.sampled_from([b"[]", b"[1]", b"null", b'{"results":null}', b'{"schedule":{"conference":{}}}', b'{"x.y":[1]}']),
    st.sampled_from([b"a: &a [*a]", b"- - - -", b"!!python/object:os.system {}", b"%YAML 9.9", b"a: b: c", b"\x00"]),
    st.sampled_from([b"BEGIN:VCALENDAR", b"BEGIN:VEVENT\r\nDTSTART:x\r\nEND:VEVENT", b"BEGIN:VCALENDAR\r\n" * 50]),
    st.sampled_from(
        [b"person,name\n" + b'"' * 99, b"person;" * 300, b"sep=|\na|b", b"\xfe\xff\x00", b"=cmd|x!A1,b\n1,2"]
    ),
    st.builds(
        lambda head, tail: head + tail, st.sampled_from([b"person,name,", b"[{", b"rooms:\n"]), st.binary(max_size=40)
    ),
)


@settings(max_examples=1000, deadline=None, database=None, suppress_health_check=[*HealthCheck])
@given(GARBAGE, st.sampled_from([".csv", ".tsv", ".json", ".yaml", ".ics"]))
def test_1000_files_of_garbage_bring_nothing_and_say_why(content: bytes, suffix: str) -> None:
    found = read(f"p-001{suffix}", content)
    harmless = [each for each in found.commands if each.name == "availability.state" and not each.payload["windows"]]
    assert not [each for each in found.commands if is_good(each) and each not in harmless]
    assert all(each.problem and each.allowed for each in found.problems)

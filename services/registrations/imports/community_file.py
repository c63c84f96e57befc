"""A community as YAML or JSON: settings, programmes, rooms, and any other commands by name.

Sections ``community``, ``programme`` and ``rooms`` are short for ``community.establish``, ``programme.announce`` and
``room.add``. A section holds one command, or a list of them.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent

from services.registrations.imports.drafts import DraftCommand, Import, Problem, UnreadableFileError
from shared.contract.catalogue import endpoint
from shared.contract.subjects import Service

COMMUNITY_FILE_BYTES = 512 * 1024
MAX_DEPTH = 12
_SHOWN = 100

_SECTIONS = {"community": "community.establish", "programme": "programme.announce", "rooms": "room.add"}
_ALLOWED = "community, programme, rooms, or a command of registrations such as room.withdraw"


def read_community_file(file: str, content: bytes) -> Import:
    """Commands in the order of the file. Raises UnreadableFileError when it is no mapping of sections."""
    document = _load(content)
    community: str | None = None
    commands: list[DraftCommand] = []
    problems: list[Problem] = []
    for draft in _drafts(file, document):
        if isinstance(draft, Problem):
            problems.append(draft)
            continue
        if draft.entity == "community" and "id" in draft.payload:
            community = str(draft.payload.pop("id"))
        commands.append(draft)
    return Import(tuple(commands), tuple(problems), community)


def _load(content: bytes) -> CommentedMap:
    if len(content) > COMMUNITY_FILE_BYTES:
        raise UnreadableFileError("file", "is too large", f"at most {COMMUNITY_FILE_BYTES // 1024} KiB")
    try:
        text = content.decode("utf-8-sig")
        _check_shape(text)
        document = YAML(typ="rt", pure=True).load(text)
    except UnicodeDecodeError:
        raise UnreadableFileError("file", "is not UTF-8", "YAML or JSON in UTF-8") from None
    except (YAMLError, ValueError) as error:
        raise UnreadableFileError("file", "is not YAML or JSON", "one mapping", line=_line(error)) from None
    if not isinstance(document, CommentedMap):
        raise UnreadableFileError("file", "is not one mapping of sections", _ALLOWED)
    return document


def _check_shape(text: str) -> None:
    """Refuse what makes a small file cost a lot: deep nesting, and aliases, which nothing here needs."""
    depth = 0
    for event in YAML(typ="rt", pure=True).parse(io.StringIO(text)):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if isinstance(event, AliasEvent):
            raise UnreadableFileError("file", "uses an alias (*name)", "every value written out")
        if depth > MAX_DEPTH:
            raise UnreadableFileError("file", "is nested too deeply", f"at most {MAX_DEPTH} levels")


def _line(error: Exception) -> int:
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    return mark.line + 1 if mark else 1


def _drafts(file: str, document: CommentedMap) -> Iterator[DraftCommand | Problem]:
    for section, content in document.items():
        line = document.lc.key(section)[0] + 1
        known = known_section(str(section))
        if known is None:
            yield Problem(file, line, str(section)[:_SHOWN], "is not a known section", _ALLOWED)
            continue
        entity, verb = known
        for entry in content if isinstance(content, CommentedSeq) else [content]:
            yield _draft(file, line, entity, verb, entry)


def known_section(section: str) -> tuple[str, str] | None:
    """Entity and verb of the commands in a section; None when registrations takes no such command."""
    entity, _, verb = _SECTIONS.get(section, section).partition(".")
    return (entity, verb) if endpoint(Service.REGISTRATIONS, entity, verb) is not None else None


def _draft(file: str, line: int, entity: str, verb: str, entry: object) -> DraftCommand | Problem:
    if not isinstance(entry, CommentedMap):
        return Problem(file, line, f"{entity}.{verb}", "holds an entry that is no mapping", "fields and their values")
    return DraftCommand(file, entry.lc.line + 1, entity, verb, _plain(entry))


def _plain(node: Any) -> Any:
    """The JSON form of a YAML value; dates and times become text."""
    if isinstance(node, CommentedMap):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, CommentedSeq):
        return [_plain(value) for value in node]
    return _scalar(node)


def _scalar(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, date):
        return value.isoformat()
    for plain in (int, float):
        if isinstance(value, plain):
            return plain(value)
    return str(value)

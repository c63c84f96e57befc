"""How the rows of an import call people, and who they are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from services.registrations.imports.drafts import DraftCommand, Problem
from services.registrations.imports.wording import same_words

_ID = re.compile(r"[a-z0-9-]{1,64}")
_ALLOWED = "the id of a person, or the address or full name of somebody in the same import"


class Directory:
    """Ids by what people are called: their address, their name, another system's id. A name of two is nobody's."""

    def __init__(self) -> None:
        self._ids: dict[str, str | None] = {}

    def learn(self, draft: DraftCommand, person: str) -> None:
        """That row is this person."""
        for called in (*draft.called, draft.payload.get("address"), draft.payload.get("name")):
            if called:
                key = same_words(str(called))
                self._ids[key] = person if self._ids.get(key, person) == person else None

    def find(self, called: str) -> str | None:
        """The id of whoever is called that; an id is what it is."""
        return called if _ID.fullmatch(called) else self._ids.get(same_words(called))

    def resolved(self, draft: DraftCommand) -> DraftCommand | Problem:
        """The row with ids for people."""
        changed: dict[str, Any] = {}
        stated = draft.payload.get("person")
        if isinstance(stated, str) and draft.entity != "person":
            found = self.find(stated)
            if found is None:
                return Problem(draft.file, draft.line, "person", "names nobody here", _ALLOWED)
            changed["person"] = found
        presenters = draft.payload.get("presenters")
        if isinstance(presenters, list):
            ids = [self.find(str(each)) for each in presenters]
            if None in ids:
                field = f"presenters.{ids.index(None)}"
                return Problem(draft.file, draft.line, field, "names nobody here", _ALLOWED)
            changed["presenters"] = list(dict.fromkeys(ids))
        return replace(draft, payload=draft.payload | changed) if changed else draft


def joined(people: Iterable[DraftCommand]) -> tuple[list[DraftCommand], list[Problem]]:
    """Rows of the same person from files of which one has no addresses, made one by their name.

    What is left without an address, though another file might have given it, is a problem.
    """
    people = list(people)
    by_name: dict[str, list[int]] = {}
    with_address = [each for each in people if "address" in each.payload or "person" in each.payload]
    for index, each in enumerate(with_address):
        by_name.setdefault(same_words(str(each.payload.get("name", ""))), []).append(index)
    problems: dict[str, Problem] = {}
    for each in people:
        if "address" in each.payload or "person" in each.payload:
            continue
        matching = by_name.get(same_words(str(each.payload.get("name", ""))), [])
        if len({with_address[index].payload.get("address") for index in matching}) == 1:
            first = with_address[matching[0]]
            with_address[matching[0]] = replace(first, called=(*first.called, *each.called))
        else:
            allowed = "an e-mail address; or a table with names and addresses in the same import"
            problem = Problem(each.file, each.line, "address", "is missing", allowed)
            problems.setdefault(each.called[0] if each.called else f"{each.file}:{each.line}", problem)
    return with_address, list(problems.values())

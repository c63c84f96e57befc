"""Who was erased, as a file beside the backups: a backup that is restored must lose them again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from shared.bus.client import Requester
from shared.contract.commands.privacy import AskErasures, ErasePerson, Erasures
from shared.contract.subjects import Service


def read_erasures(file: Path) -> dict[str, dict[str, str]]:
    """When whom was asked to be erased, by community and person. Raises OSError, ValueError."""
    found = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(found, dict) or not all(isinstance(people, dict) for people in found.values()):
        raise ValueError(f"{file} was not written by teachmeet erasures save")
    return found


def write_erasures(file: Path, community: str, erasures: Erasures) -> int:
    """Add these to the file, but for those in whose place somebody came; whoever is in it stays.

    How many are of this community.
    """
    known = read_erasures(file) if file.exists() else {}
    people = known.setdefault(community, {})
    people.update((each.person, each.at.isoformat()) for each in erasures.people if each.successor is None)
    draft = file.with_name(f"{file.name}.draft")
    draft.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    draft.replace(file)
    return len(people)


async def apply_erasures(requester: Requester, people: Iterable[str] | Mapping[str, str]) -> int:
    """Erase these people, also those whom nobody knows; how many were not erased yet. Raises Rejection."""
    known = {each.person for each in (await requester.ask(Service.REGISTRATIONS, AskErasures(), Erasures)).people}
    missing = [each for each in people if each not in known]
    for person in missing:
        await requester.command(Service.REGISTRATIONS, ErasePerson(person=person, even_unknown=True))
    return len(missing)

"""What a run leaves on disk: mails, calendars, releases, facts."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import httpx

from services.notifier.planning.book import Book
from services.notifier.planning.calendars import calendar_file
from services.notifier.planning.correspondence import Correspondence
from shared.bus.connection import Bus
from shared.bus.facts import Facts
from shared.bus.replay import Replay, Source
from shared.bus.streams import stream_of
from shared.contract.catalogue import COMMUNITY, FACTS
from shared.contract.facts.registrations import Community
from shared.contract.facts.scheduler import Release
from shared.contract.subjects import Service, facts_of


def keep_release(output: Path, release: Release) -> None:
    text = release.model_dump_json(indent=2, exclude={"applied"}, exclude_none=True)
    (output / f"release-{release.number}.json").write_text(text + "\n")


def keep_mail(mail: Path, output: Path) -> int:
    """Copy every mail; how many there are."""
    shutil.copytree(mail, output / "mail", ignore=lambda _, names: [n for n in names if not n.endswith(".eml")])
    return len(list((output / "mail").glob("*.eml")))


async def keep_pages(pages: Mapping[str, str], output: Path) -> None:
    """Write each page of the front desk, by name and address, as it is served now. Raises httpx.HTTPError."""
    folder = output / "pages"
    folder.mkdir()
    async with httpx.AsyncClient(trust_env=False) as client:
        for name, url in pages.items():
            response = await client.get(url, timeout=10.0)
            response.raise_for_status()
            (folder / f"{name}.html").write_bytes(response.content)


async def keep_facts(bus: Bus, output: Path) -> int:
    """Write the last fact of every entity, one a line, in the order of its streams; how many there are."""
    facts = await all_facts(bus)
    lines = [
        json.dumps({"subject": stored.ref.fact(stored.what), "fact": stored.state.model_dump(mode="json")})
        for kind in FACTS
        for community in facts.communities(kind)
        for stored in sorted(facts.all(kind, community).values(), key=lambda each: each.seq)
    ]
    (output / "facts.jsonl").write_text("\n".join(lines) + "\n")
    return len(lines)


async def keep_calendars(bus: Bus, output: Path, community: str) -> int:
    """Write each person's calendar as a file, as their invitations made it; how many there are."""
    facts = Facts()
    book = Book(facts)
    await _replay(bus, facts)
    settings = facts.state(COMMUNITY, Community, community, community)
    assert settings is not None, "a community that mailed is established"
    people: dict[str, list[Correspondence]] = defaultdict(list)
    for (person, _), correspondence in book.of(community).items():
        people[person].append(correspondence)
    folder = output / "calendars"
    folder.mkdir()
    for person, correspondences in people.items():
        (folder / f"{person}.ics").write_bytes(calendar_file(correspondences, settings))
    return len(people)


async def all_facts(bus: Bus) -> Facts:
    """The last fact of every entity of every service; for a user that may read them all."""
    facts = Facts()
    await _replay(bus, facts)
    return facts


async def _replay(bus: Bus, facts: Facts) -> None:
    sources = [Source(stream_of(service), facts_of(service)) for service in Service]
    async with Replay(bus, facts, sources) as replay:
        await replay.caught_up()

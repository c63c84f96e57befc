"""Sends the weekly letters: one for each person and ISO week, also over restarts; late by a day, not at all.

Level-triggered: who is still to be told is whoever has no notice of the week. What suits a person is asked of
registrations, which alone knows their interests; the answer holds ids and counts only.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from services.notifier.content.letter import Letter
from services.notifier.delivery.life import Mail
from services.notifier.delivery.outgoing_notice import OutgoingNotice
from services.notifier.delivery.post import Post
from services.notifier.digests.letters import DigestLinks, digest_letter, team_letter
from services.notifier.digests.slots import Slot, notice_of, present_slot
from services.notifier.feeds.view import released_sessions
from services.notifier.notices.links import Links
from services.notifier.notices.preferences import wants
from services.notifier.notices.unsubscribing import list_headers
from services.notifier.notices.writing import write_notice
from shared.bus.background import in_background
from shared.bus.client import Requester, UnreachableError
from shared.bus.facts import Stored
from shared.bus.service import Runtime
from shared.contract.catalogue import COMMUNITY, CONTACT, RELEASE, SEATING, SENDING
from shared.contract.commands.digests import (
    AskDigestMaterial,
    AskTeamCounts,
    DigestMaterial,
    ManagersCounts,
    PersonsSessions,
)
from shared.contract.facts.notices import NoticeKind
from shared.contract.facts.notifier import CalendarEntry
from shared.contract.facts.registrations import Community, Contact
from shared.contract.results import Rejection
from shared.contract.subjects import Service
from shared.links import LinkKey

log = logging.getLogger(__name__)

_LOOK_EVERY = 20.0
_SETTLE = 0.5
_PEOPLE_PER_QUESTION = 200
_AT_A_TIME = 20
"""so many letters wait for the courier, so that a slow domain does not keep the others waiting"""
_PATIENCE = 10.0
_STIRS = frozenset({COMMUNITY.entity, RELEASE.entity, SENDING.entity})
_FILLS = frozenset({RELEASE.entity, SEATING.entity})


@dataclass(frozen=True)
class _Week:
    """One community's letters of one week."""

    community: Community
    slot: Slot
    now: datetime

    @property
    def name(self) -> str:
        return self.community.community

    @property
    def until(self) -> datetime:
        assert self.community.digest is not None, "letters are sent only where they are wanted"
        return self.now + timedelta(days=self.community.digest.days)


@dataclass(frozen=True)
class _NothingFor:
    """The people for whom a week held nothing when it was asked; what is released or seated since may be for them."""

    week: str
    people: set[str] = field(default_factory=set)


class DigestSender:
    """Sends letters for as long as the block lasts."""

    def __init__(self, runtime: Runtime, post: Post, key: LinkKey, web_url: str) -> None:
        self._runtime = runtime
        self._post = post
        self._key = key
        self._web_url = web_url
        self._stirred = asyncio.Event()
        self._nothing_for: dict[str, _NothingFor] = {}
        """by community"""
        runtime.facts.listen(self._notice)

    def running(self) -> AbstractAsyncContextManager[object]:
        return in_background(self._work(), "digests")

    def _notice(self, stored: Stored) -> None:
        if stored.ref.entity in _STIRS:
            self._stirred.set()
        if stored.ref.entity in _FILLS:
            self._nothing_for.pop(stored.ref.community, None)

    async def _work(self) -> None:
        await self._runtime.replay.caught_up()
        while True:
            self._stirred.clear()
            for week in list(self._due()):
                try:
                    await self._send(week)
                except (UnreachableError, Rejection, TimeoutError, OSError) as error:
                    log.warning("weekly letters wait: %s", type(error).__name__)
                except Exception:
                    # The letters of one community must not keep those of the others from going out.
                    log.exception("weekly letters could not be written; trying again")
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_EVERY):
                    await self._stirred.wait()
                    await asyncio.sleep(_SETTLE)

    def _due(self) -> Iterator[_Week]:
        facts, now = self._runtime.facts, self._runtime.bus.clock.now()
        for name in facts.communities(COMMUNITY):
            community = facts.state(COMMUNITY, Community, name, name)
            if community is not None and community.digest is not None:
                slot = present_slot(community.digest, community.zone, now)
                if slot is not None:
                    yield _Week(community, slot, now)

    async def _send(self, week: _Week) -> None:
        entries = {
            each.session: each.entry for each in released_sessions(self._runtime.facts, week.name) if not each.cancelled
        }
        if not entries:
            return
        requester = Requester(self._runtime.bus, week.name, patience=_PATIENCE)
        for people in _portions(self._people(week, NoticeKind.DIGEST)):
            question = AskDigestMaterial(people=tuple(people), first=week.now, until=week.until)
            material = await requester.ask(Service.REGISTRATIONS, question, DigestMaterial)
            self._found_nothing_for(week, (each for each in people if each not in material.people))
            found = material.people.items()
            await self._each([partial(self._personal, week, *each, entries) for each in found])
        if self._people(week, NoticeKind.TEAM_DIGEST):
            counts = await requester.ask(
                Service.REGISTRATIONS, AskTeamCounts(first=week.now, until=week.until), ManagersCounts
            )
            await self._each([partial(self._teams, week, each, counts) for each in counts.managers])

    def _people(self, week: _Week, kind: NoticeKind) -> list[str]:
        """Who is still to be told, wants to be, and takes mail."""
        facts = self._runtime.facts
        contacts = facts.states(CONTACT, Contact, week.name)
        return [
            person
            for (person,), contact in sorted(contacts.items())
            if not (kind is NoticeKind.DIGEST and self._has_nothing_for(week, person))
            and not self._post.is_told(notice_of(week.name, person, kind, week.slot))
            and wants(facts, week.name, person, kind)
            and contact.verified
            and self._post.may_mail(week.name, contact)
        ]

    def _has_nothing_for(self, week: _Week, person: str) -> bool:
        known = self._nothing_for.get(week.name)
        return known is not None and known.week == week.slot.week and person in known.people

    def _found_nothing_for(self, week: _Week, people: Iterable[str]) -> None:
        known = self._nothing_for.get(week.name)
        if known is None or known.week != week.slot.week:
            known = self._nothing_for[week.name] = _NothingFor(week.slot.week)
        known.people.update(people)

    async def _personal(
        self, week: _Week, person: str, material: PersonsSessions, entries: dict[str, CalendarEntry]
    ) -> None:
        own = [entries[each] for each in material.own if each in entries]
        suiting = [entries[each] for each in material.suiting if each in entries]
        contact = self._contact(week, person)
        if contact is None or not own + suiting or not self._post.may_mail(week.name, contact):
            return
        links = self._links(week, contact, NoticeKind.DIGEST)
        write = partial(digest_letter, own, suiting, week.community, contact, links)
        await self._hand_over(week, contact, NoticeKind.DIGEST, write)

    async def _teams(self, week: _Week, person: str, counts: ManagersCounts) -> None:
        contact = self._contact(week, person)
        if contact is None or person not in self._people(week, NoticeKind.TEAM_DIGEST):
            return
        links = self._links(week, contact, NoticeKind.TEAM_DIGEST)
        write = partial(team_letter, counts.managers[person], week.community, contact, links)
        await self._hand_over(week, contact, NoticeKind.TEAM_DIGEST, write)

    def _contact(self, week: _Week, person: str) -> Contact | None:
        return self._runtime.facts.state(CONTACT, Contact, week.name, person)

    def _links(self, week: _Week, contact: Contact, kind: NoticeKind) -> DigestLinks:
        links = Links(self._key, self._web_url, week.name)
        return DigestLinks(
            programme=f"{self._web_url}/{week.name}",
            page=links.page(contact, week.now),
            unsubscribe=links.unsubscribe(contact, kind, week.now),
        )

    async def _hand_over(self, week: _Week, contact: Contact, kind: NoticeKind, letter: Callable[[], Letter]) -> None:
        ref = notice_of(week.name, contact.person, kind, week.slot)
        links = Links(self._key, self._web_url, week.name)

        def write(now: datetime) -> Mail:
            more = list_headers(kind, week.community, contact, links, now)
            return write_notice(ref, letter(), week.community, contact, now, more=more)

        await self._post.send(OutgoingNotice(ref, week.slot.ends_at, write))

    async def _each(self, letters: Iterable[Callable[[], Awaitable[None]]]) -> None:
        """Hand over letters, a few at a time."""
        waiting = iter(letters)

        async def take() -> None:
            for handed_over in waiting:
                try:
                    await handed_over()
                except Exception:
                    # One letter that cannot be written must not keep the others from going out.
                    log.exception("a weekly letter could not be sent; trying again")

        await asyncio.gather(*(take() for _ in range(_AT_A_TIME)))


def _portions(people: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(people)
    while portion := list(islice(rest, _PEOPLE_PER_QUESTION)):
        yield portion

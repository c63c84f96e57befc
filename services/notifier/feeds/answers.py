"""Answers questions for calendar feeds, from the view. A feed is made once for each state of its community."""

from __future__ import annotations

import asyncio
import base64
import gzip
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from services.notifier.content.languages import language_of
from services.notifier.delivery.agenda import calendars
from services.notifier.feeds.calendar import Heading, calendar
from services.notifier.feeds.listing import ListedSession, own_sessions, shown
from services.notifier.feeds.view import released_sessions
from services.notifier.notices.links import Links
from services.notifier.notices.preferences import check_generation
from services.notifier.planning.book import Book
from shared.bus.facts import Stored
from shared.bus.service import Runtime
from shared.contract.catalogue import COMMUNITY, CONTACT, ERASURE, INVITE, PROPOSAL, RELEASE, SEATING
from shared.contract.commands.notices import AskFeed, AskFeedLink, AskOwnFeed, FeedPart
from shared.contract.commands.notifier import Link
from shared.contract.facts.registrations import Community, Contact, Proposal
from shared.contract.results import Rejection, RejectionCode
from shared.links import LinkKey

PART_CHARACTERS = 512 * 1024
_MADE_OF = frozenset({COMMUNITY.entity, CONTACT.entity, PROPOSAL.entity, RELEASE.entity, SEATING.entity})
_KEPT = 256


@dataclass(frozen=True)
class _Draft:
    """What a feed is made of."""

    listed: list[ListedSession]
    heading: Heading
    community: Community


@dataclass(frozen=True)
class _Made:
    """A feed as it goes to its asker, and of which state it was made."""

    version: tuple[int, int]
    day: date
    etag: str
    modified: datetime
    parts: tuple[str, ...]


class Feeds:
    """Makes feeds, and keeps those that were asked for until their community changes."""

    def __init__(self, runtime: Runtime, book: Book, key: LinkKey, web_url: str) -> None:
        self._runtime = runtime
        self._book = book
        self._key = key
        self._web_url = web_url
        self._versions: dict[str, int] = {}
        self._invites: dict[str, int] = {}
        self._making = asyncio.Lock()
        self._made: dict[tuple[str, str], _Made] = {}
        self._sessions: dict[str, tuple[int, list[ListedSession]]] = {}
        runtime.facts.listen(self._notice)

    async def public(self, community: str, question: AskFeed) -> FeedPart:
        """A community's feed, or that of one tag. Raises Rejection."""
        known = self._community(community)
        made = await self._feed(
            community,
            f"tag {question.tag or ''}",
            lambda: self._public(known, question.tag),
            (self._versions.get(community, 0), 0),
        )
        return _answer(made, question.part, question.known)

    async def own(self, community: str, question: AskOwnFeed) -> FeedPart:
        """A person's feed. Raises Rejection for a link of an older generation."""
        known = self._community(community)
        contact = check_generation(self._runtime.facts, community, question.person, question.generation)
        made = await self._feed(
            community,
            f"person {contact.person}",
            lambda: self._own(known, contact),
            (self._versions.get(community, 0), self._invites.get(community, 0)),
        )
        return _answer(made, question.part, question.known)

    def link(self, community: str, question: AskFeedLink) -> Link:
        """The secret address of a person's feed. Raises Rejection for a link of an older generation."""
        contact = check_generation(self._runtime.facts, community, question.person, question.generation)
        links = Links(self._key, self._web_url, community)
        return Link(url=links.calendar(contact, self._runtime.bus.clock.now()))

    def _notice(self, stored: Stored) -> None:
        name = stored.ref.community
        if stored.ref.entity == ERASURE.entity:
            self._made.pop((name, f"person {stored.ref.ids[0]}"), None)
        if stored.ref.entity in _MADE_OF:
            self._versions[name] = self._versions.get(name, 0) + 1
        elif stored.ref.entity == INVITE.entity:
            self._invites[name] = self._invites.get(name, 0) + 1

    def _community(self, name: str) -> Community:
        community = self._runtime.facts.state(COMMUNITY, Community, name, name)
        if community is None:
            raise Rejection.of(RejectionCode.UNKNOWN, "community", "is not here", "a community that is established")
        return community

    async def _feed(self, community: str, which: str, draft: Callable[[], _Draft], version: tuple[int, int]) -> _Made:
        async with self._making:
            today = self._runtime.bus.clock.now().date()
            known = self._made.pop((community, which), None)
            if known is None or (known.version, known.day) != (version, today):
                # A large calendar takes a second, in which mails must go on.
                known = await asyncio.to_thread(_made, draft(), version, today)
            # What was asked for last stays longest.
            self._made[(community, which)] = known
            while len(self._made) > _KEPT:
                del self._made[next(iter(self._made))]
        return known

    def _public(self, community: Community, tag: str | None) -> _Draft:
        name = community.community
        page, path = f"{self._web_url}/{name}", "calendar.ics" if tag is None else f"tags/{tag}/calendar.ics"
        title = community.name if tag is None else f"{community.name}: {tag}"
        chosen = [each for each in self._released(name) if tag is None or tag in each.tags]
        return self._draft(chosen, Heading(title, page, f"{page}/{path}"), community)

    def _released(self, community: str) -> list[ListedSession]:
        """The same for all feeds of one state: anybody may ask for as many tags as they can think of."""
        version, listed = self._sessions.get(community, (-1, []))
        if version != self._versions.get(community, 0):
            version, listed = self._versions.get(community, 0), released_sessions(self._runtime.facts, community)
            self._sessions[community] = version, listed
        return listed

    def _own(self, community: Community, contact: Contact) -> _Draft:
        facts, name = self._runtime.facts, community.community
        proposals = facts.states(PROPOSAL, Proposal, name)
        tags = {
            session: tuple(sorted({*proposal.tags, proposal.format}))
            for proposal in proposals.values()
            for session in (proposal.proposal, *proposal.sessions())
        }
        changed = {ids[0]: each.at for ids, each in facts.all(SEATING, name).items()}
        changed |= {each.proposal: _last(map(changed.get, each.sessions())) for each in proposals.values()}
        listed = own_sessions(contact.person, calendars(facts, name), self._book.of(name), tags, changed)
        title = language_of(contact, community).say("%(community)s: your sessions", community=community.name)
        return self._draft(listed, Heading(title, f"{self._web_url}/{name}", None), community)

    def _draft(self, listed: list[ListedSession], heading: Heading, community: Community) -> _Draft:
        return _Draft(shown(listed, self._runtime.bus.clock.now(), community.cancelled_days), heading, community)


def _made(draft: _Draft, version: tuple[int, int], today: date) -> _Made:
    found = calendar(draft.listed, draft.heading, draft.community)
    return _Made(version, today, found.etag, found.modified, _parts(found.body))


def _last(instants: Iterable[datetime | None]) -> datetime | None:
    return max((each for each in instants if each is not None), default=None)


def _parts(body: bytes) -> tuple[str, ...]:
    # No time of its own in the compressed form: equal calendars are equal bytes.
    text = base64.b64encode(gzip.compress(body, mtime=0)).decode("ascii")
    return tuple(text[first : first + PART_CHARACTERS] for first in range(0, len(text), PART_CHARACTERS))


def _answer(made: _Made, part: int, known: str | None) -> FeedPart:
    if known == made.etag:
        return FeedPart(etag=made.etag, modified=made.modified, parts=0)
    if part >= len(made.parts):
        raise Rejection.of(RejectionCode.UNKNOWN, "part", "is not there", "a part below the number of parts")
    return FeedPart(etag=made.etag, modified=made.modified, parts=len(made.parts), body=made.parts[part])

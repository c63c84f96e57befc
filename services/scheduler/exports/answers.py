"""The questions about releases that this package answers, from the view."""

from __future__ import annotations

import hashlib

from services.scheduler.exports.difference import Change, difference
from services.scheduler.exports.edition import Venue, titled
from services.scheduler.exports.paging import CHANGES, RELEASES, page_of, page_of_text
from services.scheduler.exports.printable import printable
from services.scheduler.exports.released import edition_of, part_of
from services.scheduler.exports.rendering import FORMS, written
from services.scheduler.exports.sentences import Wording, places, sentence
from shared.bus.facts import Facts
from shared.contract.catalogue import PROPOSAL, RELEASE, ROOM
from shared.contract.commands.scheduler import (
    AskChangelog,
    AskDifference,
    AskExport,
    Changelog,
    ChangelogEntry,
    Difference,
    Export,
    ReleaseChange,
)
from shared.contract.facts.registrations import Proposal, Room
from shared.contract.facts.scheduler import Release
from shared.contract.results import Rejection, RejectionCode


def answer(
    facts: Facts, community: str, question: AskDifference | AskChangelog | AskExport
) -> Difference | Changelog | Export:
    """What is asked about releases. Raises Rejection."""
    match question:
        case AskDifference():
            return show_difference(facts, community, question)
        case AskChangelog():
            return show_changelog(facts, community, question)
        case AskExport():
            return show_export(facts, community, question)


def show_export(facts: Facts, community: str, question: AskExport) -> Export:
    """One page of a release in the form that was asked for. Raises Rejection."""
    releases = _releases(facts, community, question.programme)
    release = _release(releases, question.number or max(releases), "number")
    edition = edition_of(facts, community, release, names=question.names, url=question.url)
    whole = written(question.format, edition)
    text, pages = page_of_text(whole, question.page)
    return Export(
        programme=question.programme,
        number=release.number,
        media_type=FORMS[question.format].media_type,
        text=text,
        digest=hashlib.sha256(whole.encode()).hexdigest(),
        page=question.page,
        pages=pages,
    )


def show_difference(facts: Facts, community: str, question: AskDifference) -> Difference:
    """What changes between two releases of a programme. Raises Rejection."""
    releases = _releases(facts, community, question.programme)
    until = _release(releases, question.until or max(releases), "until")
    since = question.since if question.since is not None else until.number - 1
    found = difference(_release(releases, since, "since") if since else None, until)
    changes, pages = page_of(found.changes, question.page, CHANGES)
    wording = _wording(facts, community, until.zone, changes)
    return Difference(
        programme=question.programme,
        since=since,
        until=until.number,
        counts=found.counts,
        changes=tuple(_told(each, wording) for each in changes),
        page=question.page,
        pages=pages,
    )


def show_changelog(facts: Facts, community: str, question: AskChangelog) -> Changelog:
    """The releases of a programme, the newest first. Raises Rejection."""
    releases = _releases(facts, community, question.programme)
    numbers, pages = page_of(sorted(releases, reverse=True), question.page, RELEASES)
    entries = tuple(_entry(releases[each], releases.get(each - 1)) for each in numbers)
    return Changelog(programme=question.programme, releases=entries, page=question.page, pages=pages)


def _releases(facts: Facts, community: str, programme: str) -> dict[int, Release]:
    """The releases of a programme by number; there is at least one."""
    found = (each for each in facts.states(RELEASE, Release, community).values() if each.programme == programme)
    releases = {each.number: each for each in found}
    if not releases:
        raise Rejection.of(RejectionCode.UNKNOWN, "programme", "has no release yet", "a programme that was released")
    return releases


def _release(releases: dict[int, Release], number: int, field: str) -> Release:
    if number not in releases:
        allowed = f"the number of a release, from 1 to {max(releases)}"
        raise Rejection.of(RejectionCode.UNKNOWN, field, "names no release of this programme", allowed)
    return releases[number]


def _wording(facts: Facts, community: str, zone: str, changes: tuple[Change, ...]) -> Wording:
    proposals = {each.proposal: facts.state(PROPOSAL, Proposal, community, each.proposal) for each in changes}
    titles = {
        each.session: titled(printable(proposal.title), part_of(proposal, each.session))
        for each in changes
        if (proposal := proposals[each.proposal]) is not None
    }
    rooms = facts.states(ROOM, Room, community).values()
    venues = (Venue(each.room, printable(each.name), printable(each.site)) for each in rooms)
    return Wording(titles, places(venues), zone)


def _told(change: Change, wording: Wording) -> ReleaseChange:
    return ReleaseChange(
        session=change.session,
        proposal=change.proposal,
        kind=change.kind,
        was=change.was,
        now=change.now,
        sentence=sentence(change, wording),
    )


def _entry(release: Release, previous: Release | None) -> ChangelogEntry:
    return ChangelogEntry(
        number=release.number,
        published_at=release.published_at,
        note=release.note,
        counts=difference(previous, release).counts,
    )

"""From the planning view to the problem of one programme: a pure function."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from pydantic import ValidationError

from services.scheduler.entities import (
    EARLIEST,
    LATEST,
    MOST_DAYS,
    After,
    Carried,
    Person,
    Pinned,
    Published,
    Room,
    Session,
    Span,
    Weekly,
    Wish,
)
from services.scheduler.errors import ProblemError, UnknownProgrammeError, complaints
from services.scheduler.groups import groups_of
from services.scheduler.ledger import carried_over
from services.scheduler.packs_reading.pack import Pack
from services.scheduler.policy import policy_of
from services.scheduler.problem import Problem
from services.scheduler.room_hours import closed_times
from services.scheduler.rules.fairness import Fairness
from services.scheduler.rules.policy import Policy
from services.scheduler.slugs import slug
from services.scheduler.view import PlanningView
from shared.contract.facts import registrations as facts
from shared.contract.facts.registrations import Programme, Proposal, ProposalStatus
from shared.contract.facts.scheduler import Placement
from shared.contract.groups import Sector
from shared.contract.values import Answer, InterestLevel, Window
from shared.time.intervals import merged

_ACCEPTED = frozenset({ProposalStatus.ACCEPTED})
_MAYBE = _ACCEPTED | {ProposalStatus.MAYBE}
_SECTORS = frozenset(Sector)


def build_problem(
    view: PlanningView,
    programme_id: str,
    packs: Mapping[str, Pack],
    *,
    asked_at: datetime | None = None,
    include_maybe: bool = False,
) -> Problem:
    """The problem of a programme as the view has it now. Raises ``SchedulerError``.

    With ``include_maybe``, proposals that are a maybe go in as if they were accepted. Notice is counted from the full
    hour of ``asked_at``, which is no part of the problem's digest: a draft is not outdated because an hour has gone by.
    """
    programme = view.programmes.get(programme_id)
    if programme is None:
        raise UnknownProgrammeError(f"programme {programme_id!r} is not known here; check its id")
    if programme.first_day < EARLIEST or programme.last_day > LATEST:
        raise ProblemError(f"programme {programme_id}: first_day, last_day: must lie between {EARLIEST} and {LATEST}")
    try:
        going_in = _MAYBE if include_maybe else _ACCEPTED
        proposals = [one for one in view.proposals.values() if one.programme == programme_id and one.status in going_in]
        return _problem(view, programme, policy_of(programme, view.community, packs), proposals, asked_at)
    except ValidationError as error:
        raise ProblemError(f"programme {programme_id}: {'; '.join(complaints(Problem, error))}") from None


def _problem(
    view: PlanningView, programme: Programme, policy: Policy, accepted: list[Proposal], asked_at: datetime | None
) -> Problem:
    by_id = {one.proposal: one for one in accepted}
    sessions = tuple(session for proposal in accepted for session in _sessions(view, programme, proposal, by_id))
    wishes = tuple(_wishes(view, accepted))
    people = {person for session in sessions for person in session.presenters} | {wish.person for wish in wishes}
    return Problem(
        programme=programme.programme,
        zone=programme.zone,
        first_day=programme.first_day,
        last_day=programme.last_day,
        grid_minutes=programme.grid_minutes,
        closures=tuple({(span.first, span.last): span for span in programme.closures}.values()),
        policy=policy,
        rooms=tuple(_room(room, programme) for room in view.rooms.values() if not room.withdrawn),
        sessions=sessions,
        people=tuple(_person(view, person, programme) for person in people),
        wishes=wishes,
        ledger=_ledger(view, programme, policy),
        asked_at=asked_at.replace(minute=0, second=0, microsecond=0) if asked_at else None,
    )


def _ledger(view: PlanningView, programme: Programme, policy: Policy) -> tuple[Carried, ...]:
    """The past, where a rule asks for it; where none does, it would only make drafts look outdated."""
    if not any(isinstance(rule, Fairness) for rule in policy.in_force()):
        return ()
    return carried_over(view, programme.programme, programme.first_day)


def _sessions(
    view: PlanningView, programme: Programme, proposal: Proposal, accepted: Mapping[str, Proposal]
) -> Iterator[Session]:
    published = _published(view, proposal.programme)
    impossible, preferred = _spans(proposal.impossible, programme), _spans(proposal.preferred, programme)
    earlier = [accepted[name] for name in dict.fromkeys(proposal.prerequisites) if name in accepted]
    prerequisites = tuple(session for one in earlier for session in one.to_hold())
    held = proposal.to_hold()
    before: tuple[int, str] | None = None
    for number, session in enumerate(proposal.sessions(), 1):
        if session not in held:
            continue
        yield Session(
            id=session,
            proposal=proposal.proposal,
            format=proposal.format,
            minutes=proposal.minutes,
            presenters=tuple(dict.fromkeys(proposal.presenters)),
            needs=tuple(dict.fromkeys(proposal.needs)),
            seats=proposal.seats,
            after=_after(proposal, number, before),
            weekly=Weekly(series=proposal.proposal, number=number) if proposal.is_series else None,
            published=published.get(session),
            pinned=_pinned(view, session),
            prerequisites=prerequisites,
            impossible=impossible,
            preferred=preferred,
            contents=tuple(dict.fromkeys(proposal.tags)),
            audience_types=tuple(dict.fromkeys(proposal.audience)),
            sectors=tuple(one for one in dict.fromkeys(proposal.audience) if one in _SECTORS),
        )
        before = number, session


def _after(proposal: Proposal, number: int, before: tuple[int, str] | None) -> After | None:
    """How a part follows the one before it. Over parts that were called off, the days between add up."""
    if before is None or proposal.is_series:
        return None
    last, session = before
    fewest, most = ((number - last) * days for days in proposal.part_gap_days)
    return After(session=session, fewest_days=min(fewest, MOST_DAYS), most_days=min(most, MOST_DAYS))


def _published(view: PlanningView, programme: str) -> dict[str, Published]:
    release = view.last_release(programme)
    placements: tuple[Placement, ...] = release.placements if release else ()
    return {placement.session: Published(room=placement.room, start=placement.start) for placement in placements}


def _pinned(view: PlanningView, session: str) -> Pinned | None:
    """Where that session is fixed. A room that was lost since then fixes nothing."""
    pin = view.pins.get(session)
    if pin is None:
        return None
    room = view.rooms.get(pin.room) if pin.room is not None else None
    kept = pin.room if room is not None and not room.withdrawn else None
    return Pinned(room=kept, start=pin.start) if kept or pin.start else None


def _wishes(view: PlanningView, accepted: Iterable[Proposal]) -> Iterator[Wish]:
    presenters = {proposal.proposal: set(proposal.presenters) for proposal in accepted}
    for interest in view.interests.values():
        wanted = interest.session in presenters and interest.level is not InterestLevel.NOT_ME
        if wanted and interest.person not in presenters[interest.session]:
            yield Wish.model_validate(
                {"person": interest.person, "proposal": interest.session, "level": interest.level.value}
            )


def _room(room: facts.Room, programme: Programme) -> Room:
    return Room(
        id=room.room,
        capacity=room.capacity,
        features=tuple(dict.fromkeys(room.features)),
        site=slug(room.site),
        unavailable=_taken(room, programme),
    )


def _taken(room: facts.Room, programme: Programme) -> tuple[Span, ...]:
    """When a room is not to be had: its windows, and all times outside its opening hours."""
    first, last = _around(programme)
    stated = (interval for window in room.unavailable for interval in window.intervals(first, last))
    taken = merged([*stated, *closed_times(room, first, last, programme.zone)])
    return tuple(Span(start=interval.start, end=interval.end) for interval in taken)


def _person(view: PlanningView, person: str, programme: Programme) -> Person:
    stated = view.availability.get(person)
    windows = stated.windows() if stated else ()

    def answered(answer: Answer) -> tuple[Span, ...]:
        return _spans([window for window in windows if window.answer is answer], programme)

    affiliation = view.affiliations.get(person)
    zone = affiliation.zone if affiliation and affiliation.zone != programme.zone else None
    return Person(
        id=person,
        no=answered(Answer.NO),
        if_need_be=answered(Answer.IF_NEED_BE),
        yes=answered(Answer.YES),
        zone=zone,
        **dict(groups_of(affiliation) if affiliation else ()),
    )


def _spans(windows: Iterable[Window], programme: Programme) -> tuple[Span, ...]:
    """The windows' times around the programme's dates, as spans that neither overlap nor touch."""
    first, last = _around(programme)
    intervals = merged(interval for window in windows for interval in window.intervals(first, last))
    return tuple(Span(start=interval.start, end=interval.end) for interval in intervals)


def _around(programme: Programme) -> tuple[date, date]:
    """The programme's days, and one more on either side, because nights and zones reach over."""
    return programme.first_day - timedelta(days=1), programme.last_day + timedelta(days=1)

"""From the planning view to the problem of one programme: a pure function."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from pydantic import ValidationError

from services.scheduler.entities import EARLIEST, LATEST, After, Carried, Person, Published, Room, Session, Span, Wish
from services.scheduler.errors import ProblemError, UnknownProgrammeError, complaints
from services.scheduler.groups import groups_of
from services.scheduler.ledger import carried_over
from services.scheduler.packs_reading.pack import Pack
from services.scheduler.policy import policy_of
from services.scheduler.problem import Problem
from services.scheduler.rules.fairness import Fairness
from services.scheduler.rules.policy import Policy
from services.scheduler.slugs import slug
from services.scheduler.view import PlanningView
from shared.contract.facts import registrations as facts
from shared.contract.facts.registrations import Programme, Proposal, ProposalStatus
from shared.contract.facts.scheduler import Placement
from shared.contract.values import Answer, InterestLevel, Window
from shared.time.intervals import merged


def build_problem(
    view: PlanningView, programme_id: str, packs: Mapping[str, Pack], *, asked_at: datetime | None = None
) -> Problem:
    """The problem of a programme as the view has it now. Raises ``SchedulerError``.

    Notice is counted from the full hour of ``asked_at``, which is no part of the problem's digest: a draft is not
    outdated because an hour has gone by.
    """
    programme = view.programmes.get(programme_id)
    if programme is None:
        raise UnknownProgrammeError(f"programme {programme_id!r} is not known here; check its id")
    if programme.first_day < EARLIEST or programme.last_day > LATEST:
        raise ProblemError(f"programme {programme_id}: first_day, last_day: must lie between {EARLIEST} and {LATEST}")
    try:
        return _problem(view, programme, policy_of(programme, view.community, packs), asked_at)
    except ValidationError as error:
        raise ProblemError(f"programme {programme_id}: {'; '.join(complaints(Problem, error))}") from None


def _problem(view: PlanningView, programme: Programme, policy: Policy, asked_at: datetime | None) -> Problem:
    accepted = _accepted(view, programme.programme)
    sessions = tuple(session for proposal in accepted for session in _sessions(view, proposal))
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


def _accepted(view: PlanningView, programme: str) -> list[Proposal]:
    return [
        proposal
        for proposal in view.proposals.values()
        if proposal.programme == programme and proposal.status is ProposalStatus.ACCEPTED
    ]


def _sessions(view: PlanningView, proposal: Proposal) -> Iterator[Session]:
    published = _published(view, proposal.programme)
    before: str | None = None
    for session in proposal.sessions():
        fewest, most = proposal.part_gap_days
        yield Session(
            id=session,
            proposal=proposal.proposal,
            format=proposal.format,
            minutes=proposal.minutes,
            presenters=tuple(dict.fromkeys(proposal.presenters)),
            needs=tuple(dict.fromkeys(proposal.needs)),
            seats=proposal.seats,
            after=After(session=before, fewest_days=fewest, most_days=most) if before else None,
            published=published.get(session),
        )
        before = session


def _published(view: PlanningView, programme: str) -> dict[str, Published]:
    release = view.last_release(programme)
    placements: tuple[Placement, ...] = release.placements if release else ()
    return {placement.session: Published(room=placement.room, start=placement.start) for placement in placements}


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
        unavailable=_spans(room.unavailable, programme),
    )


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
    first, last = programme.first_day - timedelta(days=1), programme.last_day + timedelta(days=1)
    intervals = merged(interval for window in windows for interval in window.intervals(first, last))
    return tuple(Span(start=interval.start, end=interval.end) for interval in intervals)

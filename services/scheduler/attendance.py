"""Who can attend how much of a release. Computed when asked, never stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from services.scheduler.view import PlanningView
from shared.contract.commands.scheduler import Attendance, GroupAttendance, SessionAttendance
from shared.contract.facts.registrations import Affiliation
from shared.contract.facts.scheduler import Placement, Release
from shared.contract.values import Answer, InterestLevel
from shared.time.intervals import Interval

NO_SCHOOL = "no school given"


@dataclass(frozen=True)
class Wish:
    """One person's wish for one session, and whether the release lets it come true."""

    person: str
    session: str
    level: InterestLevel
    minutes: int
    can_attend: bool
    if_need_be: bool


def attendance(view: PlanningView, release: Release) -> Attendance:
    """What people who want to come can attend: best interest first, never two sessions in parallel.

    ``can_attend`` counts the wishes that come true, those *if need be* among them. Sessions without a place count as
    wishes that do not.
    """
    wishes = list(wishes_of(view, release))
    attending = {wish.person for wish in wishes if wish.can_attend}
    return Attendance(
        groups=tuple(_groups(view, wishes)),
        sessions=tuple(_sessions(release, wishes)),
        people_without_any=tuple(sorted({wish.person for wish in wishes} - attending)),
    )


def wishes_of(view: PlanningView, release: Release) -> Iterator[Wish]:
    """Every wish for a session of the release, placed or not, in order of person."""
    for person, levels in _levels(view).items():
        yield from _outcome(view, release, person, levels)


def _levels(view: PlanningView) -> dict[str, dict[str, InterestLevel]]:
    """Level by proposal by person, in order of person; *not me* is no wish."""
    levels: dict[str, dict[str, InterestLevel]] = {}
    for (person, proposal), interest in sorted(view.interests.items()):
        if interest.level is not InterestLevel.NOT_ME:
            levels.setdefault(person, {})[proposal] = interest.level
    return levels


def _outcome(view: PlanningView, release: Release, person: str, levels: dict[str, InterestLevel]) -> Iterator[Wish]:
    presenting = {name for name, proposal in view.proposals.items() if person in proposal.presenters}
    busy = [_interval(placement) for placement in release.placements if placement.proposal in presenting]
    wanted = [one for one in release.placements if one.proposal in levels and one.proposal not in presenting]
    for placement in sorted(wanted, key=lambda one: (levels[one.proposal] != "coming", one.start, one.session)):
        when = _interval(placement)
        said = view.availability.get(person)
        answer = said.answer_at(when) if said is not None else None
        comes = answer is not Answer.NO and not any(other.overlaps(when) for other in busy)
        if comes:
            busy.append(when)
        level, if_need_be = levels[placement.proposal], comes and answer is Answer.IF_NEED_BE
        yield Wish(person, placement.session, level, placement.minutes, comes, if_need_be)
    for left_out in release.unplaced:
        if left_out.proposal in levels and left_out.proposal not in presenting:
            proposal = view.proposals.get(left_out.proposal)
            minutes = proposal.minutes if proposal else 0
            yield Wish(person, left_out.session, levels[left_out.proposal], minutes, can_attend=False, if_need_be=False)


def _interval(placement: Placement) -> Interval:
    return Interval(placement.start, placement.start + timedelta(minutes=placement.minutes))


def _groups(view: PlanningView, wishes: Iterable[Wish]) -> Iterator[GroupAttendance]:
    by_group: dict[tuple[str, str], list[Wish]] = {}
    for wish in wishes:
        by_group.setdefault(_group(view.affiliations.get(wish.person)), []).append(wish)
    for (school, department), members in sorted(by_group.items()):
        yield GroupAttendance(
            school=school,
            department=department or None,
            people=len({wish.person for wish in members}),
            wishes=len(members),
            can_attend=sum(wish.can_attend for wish in members),
            if_need_be=sum(wish.if_need_be for wish in members),
        )


def _group(affiliation: Affiliation | None) -> tuple[str, str]:
    """School and department; both as text, so that they sort."""
    if affiliation is None:
        return NO_SCHOOL, ""
    return affiliation.school, affiliation.department or ""


def _sessions(release: Release, wishes: Iterable[Wish]) -> Iterator[SessionAttendance]:
    names = {one.session for one in release.placements} | {one.session for one in release.unplaced}
    by_session: dict[str, list[Wish]] = {name: [] for name in sorted(names)}
    for wish in wishes:
        by_session[wish.session].append(wish)
    for session, wanting in by_session.items():
        yield SessionAttendance(
            session=session,
            wishes=len(wanting),
            can_attend=sum(wish.can_attend for wish in wanting),
            if_need_be=sum(wish.if_need_be for wish in wanting),
        )

"""The fairness ledger: what each group wanted and could attend in the community's past programmes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from services.scheduler.attendance import Wish, wishes_of
from services.scheduler.entities import Carried, GroupKind
from services.scheduler.groups import groups_of
from services.scheduler.timeline import Standing
from services.scheduler.view import PlanningView
from services.scheduler.weights import LEVEL_SHARE, WHOLE, attendee_share
from shared.contract.facts.scheduler import Release

CARRIED_OVER = timedelta(days=366)
"""Programmes that ended longer ago than this before the new one begins are forgiven."""

Entry = tuple[GroupKind, str]


def carried_over(view: PlanningView, programme: str, first_day: date) -> tuple[Carried, ...]:
    """The ledger that a programme starts with: from the last releases of those that ended in the year before it.

    In person-minutes, as fairness counts them: mere interest half, what somebody attends only if need be half of that.
    """
    wished: dict[Entry, int] = {}
    attended: dict[Entry, int] = {}
    for release in _past_releases(view, programme, first_day):
        for wish in wishes_of(view, release):
            affiliation = view.affiliations.get(wish.person)
            for entry in groups_of(affiliation) if affiliation else ():
                wished[entry] = wished.get(entry, 0) + LEVEL_SHARE[wish.level.value] * wish.minutes
                attended[entry] = attended.get(entry, 0) + _reached(wish) * wish.minutes
    return tuple(
        Carried(kind=kind, group=group, wished=shares // WHOLE, attended=attended[kind, group] // WHOLE)
        for (kind, group), shares in sorted(wished.items())
    )


def _past_releases(view: PlanningView, programme: str, first_day: date) -> Iterator[Release]:
    for past in _ended_before(view, programme, first_day):
        if release := view.last_release(past):
            yield release


def _ended_before(view: PlanningView, programme: str, first_day: date) -> Iterable[str]:
    return sorted(
        name
        for name, other in view.programmes.items()
        if name != programme and first_day - CARRIED_OVER <= other.last_day < first_day
    )


def _reached(wish: Wish) -> int:
    """Twentieths of each minute that the release let this person attend."""
    if not wish.can_attend:
        return 0
    return attendee_share(wish.level.value, Standing.IF_NEED_BE if wish.if_need_be else Standing.YES)

"""What a change would mean for a plan: by every rule's own judgement, whom it affects, what it would newly break."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from services.scheduler.explaining.breaches import Breach, breaches
from services.scheduler.explaining.changing import Changed, changed
from services.scheduler.explaining.difference import Version, costs, rule_differences, told, worth
from services.scheduler.explaining.easing import rule_of
from services.scheduler.explaining.names import Names, listed, people
from services.scheduler.explaining.situation import Situation
from services.scheduler.problem import Problem
from shared.contract.commands.explaining import Change, NewBreach, RuleDifference
from shared.contract.facts.scheduler import Placement


@dataclass(frozen=True)
class Outcome:
    """A change weighed. ``costs`` are person-minutes by which the plan would be worse, those without a place aside."""

    differences: tuple[RuleDifference, ...]
    broken: tuple[NewBreach, ...]
    moves: tuple[Placement, ...]
    without_place: tuple[str, ...]
    people: tuple[str, ...]
    sentence: str
    costs: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "costs", costs(self.differences))


def what_if(situation: Situation, change: Change, names: Names, *, seconds: float = 0.1) -> Outcome:
    """Weigh a change without making it. ``seconds`` bounds the search for where sessions of a lost room would go.

    Raises ``SchedulerError`` for a session or room that is not there, or is already.
    """
    after = changed(situation, change, seconds=seconds)
    before = Version(situation.problem, situation.plan_with())
    version = Version(after.problem, after.placements)
    differences = rule_differences(before, version)
    broken = tuple(_breach(one) for one in sorted(breaches(after.problem, after.placements) - situation.breaches))
    moves, without, affected = _changes(situation, after)
    homeless = after.added if after.added not in {one.session for one in after.placements} else None
    return Outcome(
        differences=differences,
        broken=broken,
        moves=moves,
        without_place=without,
        people=affected,
        sentence=_sentence(after.problem, names, differences, broken, moves, without, affected, homeless),
    )


def _breach(found: Breach) -> NewBreach:
    rule, sessions = found
    return NewBreach(rule=rule, sessions=sessions)


def _changes(situation: Situation, after: Changed) -> tuple[tuple[Placement, ...], tuple[str, ...], tuple[str, ...]]:
    """Where sessions go, which lose their place though they are still wanted, and whose calendars change."""
    now = {one.session: one for one in after.placements}
    moves = tuple(one for one in after.placements if situation.placed.get(one.session) != one)
    gone = sorted(situation.placed.keys() - now.keys())
    affected = {
        person for name in (*gone, *(one.session for one in moves)) for person in _people(situation, after, name)
    }
    return moves, tuple(name for name in gone if name != after.cancelled), tuple(sorted(affected))


def _people(situation: Situation, after: Changed, name: str) -> Iterable[str]:
    if name in situation.board.sessions:
        return situation.people(name)
    return next(session.presenters for session in after.problem.sessions if session.id == name)


def _sentence(
    problem: Problem,
    names: Names,
    differences: tuple[RuleDifference, ...],
    broken: tuple[NewBreach, ...],
    moves: tuple[Placement, ...],
    without: tuple[str, ...],
    affected: tuple[str, ...],
    homeless: str | None,
) -> str:
    parts = [f"{names.session(one.session)} would be on {names.place(one)}" for one in moves[:3]]
    if len(moves) > len(parts):
        parts.append(f"{len(moves) - len(parts)} more would move")
    if homeless is not None:
        parts.append(f"{names.session(homeless)} would find no free place that the rules allow")
    if without:
        verb = "has" if len(without) == 1 else "have"
        parts.append(f"{listed(map(names.session, without))} {verb} no place any more")
    parts.append(f"the plan would be worth {worth(costs(differences))}{told(differences)}")
    parts.append(f"{people(len(affected))} affected")
    if broken:
        rules = dict.fromkeys(rule_of(problem, one.rule).sentence for one in broken)
        parts.append(f"it would break: {'; '.join(rules)}")
    text = "; ".join(parts)
    # A session's title or id stays as it is written.
    return f"{text}." if moves or without or homeless else f"{text[:1].upper()}{text[1:]}."

"""Which rules a finished plan breaks although they may be broken: what a release is warned of, or blocked by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from services.scheduler.rules.base import Level
from services.scheduler.rules.policy import Policy
from services.scheduler.scoring import Judgement
from shared.contract.facts.scheduler import BrokenRule

MOST_RULES_TOLD = 20
MOST_SESSIONS_TOLD = 10
"""A draft is one fact of at most 256 KiB; everything else is told when it is asked for."""


def broken_rules(policy: Policy, judgements: Iterable[Judgement], level: Level) -> tuple[BrokenRule, ...]:
    """The rules of that level that cost something, the costliest first."""
    broken = sorted(_broken(policy, judgements, level), key=lambda one: (-one.cost, one.rule))
    return tuple(broken[:MOST_RULES_TOLD])


def _broken(policy: Policy, judgements: Iterable[Judgement], level: Level) -> Iterator[BrokenRule]:
    for judgement in judgements:
        rule = judgement.rule
        costly = [finding for finding in judgement.findings if finding.amount > 0]
        if rule.level is not level or not costly:
            continue
        amounts = Counter[str]()
        for finding in costly:
            amounts.update(dict.fromkeys(finding.sessions, finding.amount))
        sessions = sorted(amounts, key=lambda name: (-amounts[name], name))
        yield BrokenRule(
            rule=rule.id,
            sentence=policy.quoted(rule),
            cost=rule.weight * sum(finding.amount for finding in costly),
            count=max(1, len(sessions)),
            sessions=tuple(sessions[:MOST_SESSIONS_TOLD]),
        )

"""How reasons put things into words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from services.scheduler.problem import Problem
from shared.time.zones import zone

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def listed(words: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    *firsts, last = words
    return f"{', '.join(firsts)} and {last}" if firsts else last


def sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def clause(text: str) -> str:
    """A sentence as part of another."""
    return f"{text[:1].lower()}{text[1:]}".rstrip(".")


def weekdays(numbers: Iterable[int]) -> str:
    """``Mondays and Fridays``."""
    return listed(f"{WEEKDAYS[number]}s" for number in sorted(numbers))


def day(of: date) -> str:
    """``12 January 2027``."""
    return f"{of.day} {of:%B %Y}"


def local_time(problem: Problem, instant: datetime) -> str:
    """``12 January 2027 at 15:30``, in the programme's zone."""
    local = instant.astimezone(zone(problem.zone))
    return f"{day(local.date())} at {local:%H:%M}"

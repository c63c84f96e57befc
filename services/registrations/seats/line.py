"""In which order those who wait get the next seat."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from shared.contract.facts.seats import SeatPolicy, Waiting, WaitingOrder


def _nobody_first(_: str) -> int:
    return 0


def _not_drawn(_: Waiting) -> str | None:
    return None


@dataclass(frozen=True)
class Order:
    """What the order depends on, beside what each who waits has of their own."""

    policy: SeatPolicy
    rank_of: Callable[[str], int] = _nobody_first
    """by priority: the place of a person's group, 0 first"""
    ticket_of: Callable[[Waiting], str | None] = _not_drawn
    """of a lottery: what was drawn for them; None while their round is not drawn"""

    def is_drawn(self, each: Waiting) -> bool:
        """Whether their place is certain; in a lottery it is so only after their draw."""
        return self.policy.waiting is not WaitingOrder.LOTTERY or each.had_seat or self.ticket_of(each) is not None


def in_line(waiting: Iterable[Waiting], order: Order) -> list[Waiting]:
    """Everybody who waits, the next one first.

    Who lost a seat to a smaller room goes before all. Then it goes by when they asked; by the priority of their group
    and then when they asked; or by draw, one round behind the other. Who is not drawn yet stands behind who is.
    """
    return sorted(waiting, key=lambda each: (not each.had_seat, *_by_policy(each, order), each.since, each.person))


def _by_policy(each: Waiting, order: Order) -> tuple[int, bool, str]:
    match order.policy.waiting:
        case WaitingOrder.FIRST_COME:
            return (0, False, "")
        case WaitingOrder.PRIORITY:
            return (order.rank_of(each.person), False, "")
        case WaitingOrder.LOTTERY:
            if each.had_seat:
                return (0, False, "")
            ticket = order.ticket_of(each)
            return (each.round, ticket is None, ticket or "")

"""The groups of the fairness ledger: schools, departments, working patterns."""

from __future__ import annotations

from collections.abc import Iterator

from services.scheduler.entities import GroupKind
from services.scheduler.slugs import slug
from shared.contract.facts.registrations import Affiliation


def groups_of(affiliation: Affiliation) -> Iterator[tuple[GroupKind, str]]:
    """The groups that a person belongs to, by kind; departments of different schools are different ones."""
    yield "school", slug(affiliation.school)
    if affiliation.department:
        yield "department", slug(f"{affiliation.school} {affiliation.department}")
    if affiliation.pattern:
        yield "pattern", affiliation.pattern

"""Facts about partners' own ids of people."""

from __future__ import annotations

from typing import Any, ClassVar

from shared.contract.message import Fact
from shared.contract.values import Id


class External(Fact):
    """Whom a partner means by its own id. The subject holds a keyed digest, never that id."""

    partner: Id
    person: Id

    example: ClassVar[dict[str, Any]] = {"partner": "timetables", "person": "p-001"}

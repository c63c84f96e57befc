"""What the person who imports says beside the files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Hints:
    """Which heading means which field; values for fields that files lack; how the files are encoded."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """heading, in any case, to field; to '' when the column shall not be used"""
    values: Mapping[str, str] = field(default_factory=dict)
    """field to the value that it has where a file says nothing"""
    encoding: str | None = None
    """of CSV files; found out when not given"""


NO_HINTS = Hints()

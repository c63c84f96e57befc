"""A group of people in a reader's language."""

from __future__ import annotations

from services.notifier.content.languages import Language
from services.notifier.content.printable import line
from shared.contract.groups import Group, Sector


def _(text: str) -> str:
    return text


_SECTORS = {
    Sector.EARLY_YEARS: _("early years"),
    Sector.PRIMARY: _("primary schools"),
    Sector.SECONDARY: _("secondary schools"),
    Sector.SPECIAL: _("special schools"),
    Sector.UNIVERSITY: _("universities"),
}


def group_words(group: Group, language: Language) -> str:
    """Everything that its members have in common."""
    parts = [
        language.say(_SECTORS[group.sector]) if group.sector is not None else "",
        line(group.school or ""),
        line(group.department or ""),
        line(group.tag or ""),
        line(group.group or ""),
    ]
    return ", ".join(filter(None, parts))

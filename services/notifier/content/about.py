"""What a session is about, in a reader's language: who presents it, and its abstract in the words it was given."""

from __future__ import annotations

from babel.lists import format_list

from services.notifier.content.languages import Language
from services.notifier.content.printable import line, prose
from shared.contract.facts.notifier import CalendarEntry


def about(entry: CalendarEntry, language: Language) -> str:
    """Paragraphs apart by an empty line; empty if nothing is known."""
    names = [line(name) for name in entry.presenters]
    presented = language.say("With %(names)s", names=format_list(names, locale=language.locale)) if names else ""
    return "\n\n".join(filter(None, (presented, prose(entry.description))))

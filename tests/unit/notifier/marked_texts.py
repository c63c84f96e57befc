"""The texts of the notifier that are marked for translation, as Babel's extractors find them."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from babel.messages.extract import extract_from_dir

_KEYWORDS = {"_": None, "say": None, "gettext": None, "ngettext": (1, 2)}
_METHODS = [("**.py", "python"), ("**.j2", "jinja2.ext.babel_extract")]
_OPTIONS = {"**.j2": {"trimmed": "true"}}


def marked_texts() -> set[str]:
    folder = Path(str(resources.files("services.notifier")))
    found = extract_from_dir(folder, _METHODS, _OPTIONS, _KEYWORDS)
    return {text if isinstance(text, str) else text[0] for _, _, text, _, _ in found}

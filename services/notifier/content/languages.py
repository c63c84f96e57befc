"""The languages that mails are written in: their words, their dates, their templates.

A language is added by its catalog, ``locales/<language>/LC_MESSAGES/notifier.po``; English needs none. Catalogs are
read as they are; nothing has to be compiled first.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib import resources
from importlib.resources.abc import Traversable
from io import BytesIO

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from shared.contract.facts.registrations import Community, Contact

_LOCALES = resources.files("services.notifier.content").joinpath("locales")
_ENGLISH = "en-GB"
_DEFAULT_COUNTRIES = {"en": _ENGLISH}


@dataclass(frozen=True)
class Language:
    """A language with a catalog, as one country writes dates in it; ``tag`` is for Content-Language."""

    tag: str
    locale: Locale
    words: NullTranslations
    templates: Environment

    def say(self, text: str, **values: object) -> str:
        """The text in this language, with its ``%(name)s`` filled in."""
        return self.words.gettext(text) % values if values else self.words.gettext(text)

    def __hash__(self) -> int:
        return hash(self.tag)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Language) and self.tag == other.tag


def language_of(recipient: Contact, community: Community) -> Language:
    """The recipient's language, or else the community's; English where there is no catalog for it."""
    wished = (recipient.language, community.language)
    return language(next((tag for tag in wished if tag is not None and is_known(tag)), _ENGLISH))


@cache
def is_known(tag: str) -> bool:
    """Whether there are words for that language; its country does not matter."""
    return _has_words(tag.partition("-")[0])


@cache
def language(tag: str) -> Language:
    """The language of a tag such as ``de`` or ``en-GB``. English if it is not known."""
    if not is_known(tag):
        return language(_ENGLISH)
    name = tag.partition("-")[0]
    try:
        locale = Locale.parse(_DEFAULT_COUNTRIES.get(tag, tag), sep="-")
    except UnknownLocaleError:
        locale = Locale.parse(_DEFAULT_COUNTRIES.get(name, name), sep="-")
    words = _words(name)
    return Language(tag, locale, words, _templates(words))


def _has_words(name: str) -> bool:
    return name == "en" or _catalog(name).is_file()


def _words(name: str) -> NullTranslations:
    if name == "en":
        return NullTranslations()
    with _catalog(name).open("rb") as source:
        catalog = read_po(source, locale=name, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _catalog(name: str) -> Traversable:
    return _LOCALES.joinpath(name, "LC_MESSAGES", "notifier.po")


def _templates(words: NullTranslations) -> Environment:
    environment = Environment(
        loader=PackageLoader("services.notifier.content"),
        autoescape=select_autoescape(("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]  # by the extension
    environment.policies["ext.i18n.trimmed"] = True
    return environment

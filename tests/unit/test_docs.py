"""The documents keep up with the project: links, make targets, settings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from services.notifier.settings import NotifierSettings
from services.registrations.settings import RegistrationsSettings
from services.scheduler.settings import SchedulerSettings
from services.web.settings import WebSettings
from shared.settings import BusSettings

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = (README, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
SETTINGS = (BusSettings, RegistrationsSettings, SchedulerSettings, NotifierSettings, WebSettings)

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_ELSEWHERE = re.compile(r"[a-z]+:")


def links(page: Path) -> list[str]:
    return [link for link in _LINK.findall(page.read_text(encoding="utf-8")) if not _ELSEWHERE.match(link)]


def anchors(page: Path) -> set[str]:
    """How headings are linked to."""
    headings = _HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path) if path else page
        assert target.exists(), f"{page.name} links to {link}"
        assert not anchor or anchor in anchors(target), f"{page.name} links to {link}"


@pytest.mark.parametrize("page", [README, ROOT / "CONTRIBUTING.md"], ids=lambda page: page.name)
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make (?:[A-Z]+=\S+ )*([a-z]+)", page.read_text(encoding="utf-8")))
    assert {"demo", "test"} <= named
    assert named <= targets


def test_operations_names_every_setting_and_no_other() -> None:
    fields = {name for settings in SETTINGS for name in settings.model_fields}
    named = set(re.findall(r"TEACHMEET_[A-Z_]+", (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")))
    assert named == {f"TEACHMEET_{name.upper()}" for name in fields}


def test_no_settings_class_is_forgotten() -> None:
    files = {*ROOT.glob("services/*/settings.py"), *ROOT.glob("shared/settings.py")}
    classes = re.findall(r"^class (\w+Settings)\(B", "\n".join(each.read_text() for each in files), re.MULTILINE)
    assert sorted(classes) == sorted(each.__name__ for each in SETTINGS)

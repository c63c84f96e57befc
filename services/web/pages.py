"""Pages from templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

_TEMPLATES = Environment(
    loader=PackageLoader("services.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Notice:
    """A page that says in plain words what is the matter and what to do."""

    status: int
    title: str
    words: str


def page(template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **view: Any) -> HTMLResponse:
    """A response with that template, rendered with ``view``."""
    return HTMLResponse(_TEMPLATES.get_template(f"{template}.html.j2").render(view), status, headers)


def notice_page(notice: Notice, headers: Mapping[str, str] | None = None) -> HTMLResponse:
    return page("notice", status=notice.status, headers=headers, notice=notice)

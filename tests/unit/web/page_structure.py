"""What a page is made of, as somebody who does not see it is told: labels, headings, names of buttons."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset({"input", "meta", "link", "br", "img", "hr"})
_NAMED = frozenset({"button", "a", "label", "legend", "summary", "th"})


@dataclass
class Structure(HTMLParser):
    """Read by ``feed``; ``complaints`` says what is wrong."""

    ids: list[str] = field(default_factory=list)
    labelled: set[str] = field(default_factory=set)
    controls: list[dict[str, str]] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    nameless: list[str] = field(default_factory=list)
    _open: list[tuple[str, dict[str, str], list[str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids += [given["id"]] if "id" in given else []
        if tag == "label" and "for" in given:
            self.labelled.add(given["for"])
        if tag in {"input", "textarea", "select"} and given.get("type") != "hidden":
            inside = any(each == "label" for each, _, _ in self._open)
            self.controls.append(given | ({"inside": "label"} if inside else {}))
        for name in ("aria-describedby", "aria-labelledby"):
            self.references += given.get(name, "").split()
        if given.get("href", "").startswith("#"):
            self.references.append(given["href"][1:])
        if tag in {"h1", "h2", "h3", "h4"}:
            self.headings.append(int(tag[1]))
        if tag not in _VOID:
            self._open.append((tag, given, []))

    def handle_data(self, data: str) -> None:
        for _, _, texts in self._open:
            texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        opened, given, texts = self._open.pop()
        assert opened == tag, f"<{opened}> is closed by </{tag}>"
        if tag in _NAMED and not "".join(texts).strip() and "aria-label" not in given:
            self.nameless.append(tag)

    def complaints(self) -> list[str]:
        """What a reader would stumble over."""
        found = [f"id {each} twice" for each in set(self.ids) if self.ids.count(each) > 1]
        found += [f"nothing has id {each}" for each in self.references if each not in self.ids]
        found += [f"no label for {each}" for each in self.controls if not self._is_labelled(each)]
        found += [f"a nameless {each}" for each in self.nameless]
        found += ["not one h1"] if self.headings.count(1) != 1 else []
        steps = zip(self.headings, self.headings[1:], strict=False)
        found += [f"h{one} is followed by h{other}" for one, other in steps if other > one + 1]
        return found

    def _is_labelled(self, control: dict[str, str]) -> bool:
        return control.get("id") in self.labelled or "inside" in control or "aria-label" in control


def complaints(html: str) -> list[str]:
    """What somebody who does not see the page would stumble over."""
    structure = Structure()
    structure.feed(html)
    structure.close()
    return structure.complaints()

"""Links as people get them by mail, and pages as they fill them in."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage
from html import unescape
from pathlib import Path

from running_desk import Desk

from tests.processes import eventually

_LINK = re.compile(r"https?://[^/\s]+(/me/\S+)")


@dataclass(frozen=True)
class Mailbox:
    """The mails that came to one address."""

    folder: Path
    address: str

    def mails(self) -> list[EmailMessage]:
        found = [email.message_from_bytes(each.read_bytes(), policy=email.policy.default) for each in self._files()]
        return [each for each in found if self.address in str(each["To"])]

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("*.eml"))

    async def link(self, subject: str, ending: str = "") -> str:
        """The address, without host, of the link of that ending in the mail whose subject begins so."""

        async def look() -> str | None:
            for mail in self.mails():
                if str(mail["Subject"]).startswith(subject):
                    body = mail.get_body(("plain",))
                    assert body is not None
                    links = _LINK.findall(body.get_content())
                    return next((each for each in links if each.endswith(ending)), None)
            return None

        return await eventually(look, within=120.0)


_FIELD = re.compile(r"<(input|textarea|select)\b([^>]*)>(?:([^<]*)</textarea>)?", re.DOTALL)
_ATTRIBUTE = re.compile(r'([\w-]+)(?:="([^"]*)")?')
_OPTION = re.compile(r'<option value="([^"]*)" selected>')


def filled_in(page: str) -> dict[str, str | list[str]]:
    """The fields of a page's first form as a browser would send them unchanged."""
    form = page.split("<form", 1)[1].split("</form>", 1)[0]
    fields: dict[str, str | list[str]] = {}
    for kind, attributes, text in _FIELD.findall(form):
        given = dict(_ATTRIBUTE.findall(attributes))
        if given.get("type") == "checkbox":
            if "checked" in given:
                fields.setdefault(given["name"], [])
                kept = fields[given["name"]]
                assert isinstance(kept, list)
                kept.append(given["value"])
        elif kind == "select":
            inside = form.split(f'name="{given["name"]}"', 1)[1].split("</select>", 1)[0]
            fields[given["name"]] = next(iter(_OPTION.findall(inside)), "")
        else:
            fields[given["name"]] = unescape(text if kind == "textarea" else given.get("value", "")).removeprefix("\n")
    return fields


async def post(desk: Desk, address: str, /, **fields: str | list[str]) -> str:
    """What the reader sees after posting; being sent on is followed."""
    answer = await desk.post(address, data=fields, follow_redirects=True)
    assert answer.status_code == 200, (answer.status_code, answer.text)
    return answer.text

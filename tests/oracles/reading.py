"""What a foreign reader found in a calendar object or a mail, in the one form that all our readers answer in."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

_DEADLINE = 120.0


@dataclass(frozen=True)
class ReadEvent:
    """A VEVENT. Instants are UTC as ``2027-01-12T15:30:00Z``; None is a property that is not there."""

    uid: str | None
    recurrence_id: str | None
    sequence: int | None
    status: str | None
    start: str | None
    end: str | None
    starts: tuple[str, ...]
    attendees: tuple[str, ...]
    organizer: str | None
    summary: str | None
    location: str | None


@dataclass(frozen=True)
class Reading:
    """A calendar object as one reader sees it. ``errors`` are in the reader's words."""

    errors: tuple[str, ...]
    method: str | None
    events: tuple[ReadEvent, ...]


@dataclass(frozen=True)
class ReadAttachment:
    """A part of a mail that is none of its texts. ``content`` has line feeds for line breaks."""

    filename: str | None
    type: str
    disposition: str | None
    method: str | None
    content: str


@dataclass(frozen=True)
class ReadMail:
    """A mail. Addresses are (name, address); the headers' names are in lower case and in order."""

    subject: str
    sender: tuple[str, str]
    recipients: tuple[tuple[str, str], ...]
    message_id: str
    header_names: tuple[str, ...]
    text: str
    html: str
    attachments: tuple[ReadAttachment, ...]


@dataclass(frozen=True)
class Reader:
    """A program that reads files and answers with one line of JSON for each."""

    name: str
    command: tuple[str, ...]

    def calendars(self, objects: Sequence[bytes]) -> list[Reading]:
        """How it reads each object, in one run of the program."""
        return [_reading(answer) for answer in self._answers(objects)]

    def mails(self, mails: Sequence[bytes]) -> list[ReadMail]:
        """How it reads each mail, in one run of the program."""
        return [_mail(answer) for answer in self._answers(mails)]

    def _answers(self, contents: Sequence[bytes]) -> list[dict[str, Any]]:
        with TemporaryDirectory() as folder:
            files = [Path(folder) / str(number) for number in range(len(contents))]
            for file, content in zip(files, contents, strict=True):
                file.write_bytes(content)
            command = [*self.command, *map(str, files)]
            done = subprocess.run(command, capture_output=True, check=False, timeout=_DEADLINE)
        answers = [json.loads(each) for each in done.stdout.decode().split("\n") if each]
        assert done.returncode == 0, f"{self.name}: {done.stderr.decode()}"
        assert len(answers) == len(contents), f"{self.name}: {done.stderr.decode()}"
        return answers


def _reading(answer: dict[str, Any]) -> Reading:
    events = tuple(
        ReadEvent(**each | {"starts": tuple(each["starts"]), "attendees": tuple(each["attendees"])})
        for each in answer["events"]
    )
    return Reading(tuple(answer["errors"]), answer["method"], events)


def _mail(answer: dict[str, Any]) -> ReadMail:
    return ReadMail(
        subject=answer["subject"],
        sender=_mailbox(answer["from"]),
        recipients=tuple(_mailbox(each) for each in answer["to"]),
        message_id=answer["message_id"],
        header_names=tuple(name for name, _ in answer["headers"]),
        text=answer["text"],
        html=answer["html"],
        attachments=tuple(_attachment(each) for each in answer["attachments"]),
    )


def _mailbox(found: dict[str, str]) -> tuple[str, str]:
    return found["name"], found["address"]


def _attachment(found: dict[str, Any]) -> ReadAttachment:
    content = base64.b64decode(found["content"]).decode().replace("\r\n", "\n")
    return ReadAttachment(found["filename"], found["type"], found["disposition"], found["method"], content)

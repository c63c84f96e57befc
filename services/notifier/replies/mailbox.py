"""Takes in mails from an IMAP mailbox: those that are there, then each that comes (IDLE, RFC 2177).

What was taken in is marked on the server itself, after what follows from it is stored. So a restart, another
process, or a mailbox that was made anew needs no memory of ours: whatever has no mark is taken in, and a mail that
comes twice is one answer.
"""

from __future__ import annotations

import asyncio
import logging
import re
import ssl
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager

from aioimaplib import IMAP4, IMAP4_SSL, Abort, Error, Response

from services.notifier.delivery.smtp_settings import Security
from services.notifier.replies.intake import FullError, Intake, Mail, Taken
from services.notifier.replies.reading import LARGEST_MAIL
from services.notifier.replies.settings import MailboxSettings
from shared.bus.retry import growing_delay

log = logging.getLogger(__name__)

MARK = "TeachMeetTaken"
_SEEN = "\\Seen"
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_LONGEST_PAUSE = 60.0
_FILED = frozenset({Taken.ANSWER, Taken.REPORT, Taken.KEPT, Taken.IGNORED})


class MailboxError(Exception):
    """The IMAP server refused something, or its connection was lost."""


class Mailbox:
    """One mailbox, watched over one connection at a time; a lost connection is made anew."""

    def __init__(self, intake: Intake, settings: MailboxSettings) -> None:
        self._intake = intake
        self._settings = settings
        self._mark = MARK

    async def watch(self) -> None:
        """Take in mails for ever."""
        failures = 0
        while True:
            try:
                async with self._open() as client:
                    while True:
                        await self.take_all(client)
                        failures = 0
                        await self._wait_for_more(client)
            except (MailboxError, Abort, Error, OSError, TimeoutError, FullError) as error:
                failures += 1
                log.warning("the mailbox of replies cannot be read: %s", str(error) or type(error).__name__)
            except Exception:
                # A single mail that could not be stored has no mark yet; it is taken in when all is looked at again.
                failures += 1
                log.exception("replies could not be taken in; trying again")
            await asyncio.sleep(growing_delay(failures, first=0.2, cap=_LONGEST_PAUSE))

    async def take_all(self, client: IMAP4) -> int:
        """Take in everything that has no mark; how much that was."""
        uids = await self._unmarked(client)
        for uid in uids:
            taken = await self._intake.take(await self._fetch(client, uid))
            await self._set_aside(client, uid, taken)
        return len(uids)

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[IMAP4]:
        """A connection on which the folder is selected."""
        client = self._client()
        try:
            async with asyncio.timeout(self._settings.command_seconds):
                await client.wait_hello_from_server()
                password = self._settings.password.get_secret_value()
                _checked(await client.login(_quoted(self._settings.username), password), "LOGIN")
                selected = _checked(await client.select(_quoted(self._settings.folder)), "SELECT")
            self._mark = MARK if may_mark(selected) else _SEEN
            yield client
        finally:
            transport = client.protocol.transport if client.protocol is not None else None
            if transport is not None:
                transport.close()

    def _client(self) -> IMAP4:
        settings = self._settings
        if settings.security is Security.NONE:
            return IMAP4(settings.host, settings.port, timeout=settings.command_seconds)
        context = ssl.create_default_context()
        if not settings.verify_certificate:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return IMAP4_SSL(settings.host, settings.port, timeout=settings.command_seconds, ssl_context=context)

    async def _unmarked(self, client: IMAP4) -> list[str]:
        unmarked = "UNSEEN" if self._mark == _SEEN else f"UNKEYWORD {self._mark}"
        lines = _checked(await self._timed(client.uid_search(f"{unmarked} UNDELETED", charset=None)), "SEARCH")
        return [uid.decode("ascii") for uid in lines[0].split()] if lines else []

    async def _fetch(self, client: IMAP4, uid: str) -> Mail:
        """The mail of that UID; of one that is too large, only its beginning, which is refused then."""
        sized = _checked(await self._timed(client.uid("fetch", uid, "(RFC822.SIZE)")), "FETCH")
        size = next((int(found[1]) for line in sized if (found := _SIZE.search(bytes(line)))), 0)
        part = f"BODY.PEEK[]<0.{LARGEST_MAIL + 1}>" if size > LARGEST_MAIL else "BODY.PEEK[]"
        lines = _checked(await self._timed(client.uid("fetch", uid, f"({part})")), "FETCH")
        raw = next((bytes(line) for line in lines if isinstance(line, bytearray)), b"")
        return Mail(raw, keep_personal=False)

    async def _set_aside(self, client: IMAP4, uid: str, taken: Taken) -> None:
        """Mark the mail, and file it where that is wanted; letters of humans stay where humans look."""
        _checked(await self._timed(client.uid("store", uid, "+FLAGS.SILENT", f"({self._mark})")), "STORE")
        done = self._settings.done_folder
        if done is not None and taken in _FILED:
            _checked(await self._timed(client.uid("copy", uid, _quoted(done))), "COPY")
            _checked(await self._timed(client.uid("store", uid, "+FLAGS.SILENT", "(\\Deleted)")), "STORE")
            if client.has_capability("UIDPLUS"):
                _checked(await self._timed(client.uid("expunge", uid)), "EXPUNGE")

    async def _wait_for_more(self, client: IMAP4) -> None:
        """Until the server tells of something, or it is time to look again."""
        settings = self._settings
        if not client.has_capability("IDLE"):
            await asyncio.sleep(min(settings.look_every_seconds, _LONGEST_PAUSE))
            return
        # The library waits for ever when the connection is lost before the server agrees to IDLE.
        idle = await asyncio.wait_for(client.idle_start(timeout=settings.look_every_seconds), settings.command_seconds)
        await asyncio.wait_for(client.wait_server_push(), settings.look_every_seconds + settings.command_seconds)
        client.idle_done()
        await asyncio.wait_for(idle, settings.command_seconds)

    async def _timed(self, command: Awaitable[Response]) -> Response:
        async with asyncio.timeout(self._settings.command_seconds):
            return await command


def _checked(response: Response, command: str) -> list[bytes]:
    """What the server answered. Raises MailboxError when it refused."""
    if response.result != "OK":
        raise MailboxError(f"the IMAP server refused {command}")
    return list(response.lines)


def may_mark(selected: list[bytes]) -> bool:
    """Whether the folder takes marks of our own (RFC 3501, 7.1, PERMANENTFLAGS)."""
    flags = b" ".join(bytes(line) for line in selected if b"PERMANENTFLAGS" in bytes(line))
    return b"\\*" in flags or MARK.encode() in flags


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'

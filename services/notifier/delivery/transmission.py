"""Hands mails to an SMTP server over a few connections and tells how each attempt ended.

async with MailTransport(SmtpSettings(host="127.0.0.1", port=2525)) as transport:
    outcome = await transport.send(mail, sender="sessions@northgate.example", recipient="amara@hillside.example")
"""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from types import TracebackType

from services.notifier.delivery.outcome import Deferred, Outcome, Refused
from services.notifier.delivery.relay import Relay
from services.notifier.delivery.smtp_connection import SmtpConnection
from services.notifier.delivery.smtp_settings import SmtpSettings

_UNSAFE_IN_ADDRESS = re.compile(r"[\x00-\x20\x7f-\U0010ffff<>]")


class MailTransport:
    """Sends over a few connections that stay open; each is in the hands of one ``send`` at a time."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._connections = [SmtpConnection(settings) for _ in range(settings.connections)]
        self._idle: asyncio.LifoQueue[SmtpConnection] = asyncio.LifoQueue()
        self._relay = Relay()

    async def __aenter__(self) -> MailTransport:
        for connection in self._connections:
            self._idle.put_nowait(connection)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.gather(*(connection.close() for connection in self._connections))

    @property
    def total_deadline(self) -> timedelta:
        """After so long an attempt has ended, whatever happens."""
        return timedelta(seconds=self._settings.deadlines.total)

    @property
    def relay(self) -> Relay:
        """How the mail server does, by the last outcomes. Whoever has a choice sends nothing while it is closed."""
        return self._relay

    async def send(self, mail: bytes, *, sender: str, recipient: str) -> Outcome:
        """Transmit one mail to one recipient; never raises for what the server or the network does.

        More calls at a time than there are connections wait for one, briefly, and are deferred if none comes free.
        """
        if _UNSAFE_IN_ADDRESS.search(sender + recipient):
            return Refused("an address holds a character that SMTP does not take")
        try:
            async with asyncio.timeout(self._settings.deadlines.idle_connection):
                connection = await self._idle.get()
        except TimeoutError:
            return Deferred("all connections to the mail server were busy")
        try:
            outcome = await connection.transmit(mail, sender, recipient)
        finally:
            self._idle.put_nowait(connection)
        self._relay = self._relay.after(outcome, asyncio.get_running_loop().time())
        return outcome

"""Takes in mails by SMTP or LMTP, handed over by the mail server of the community's domain.

A mail is answered 250 only when what follows from it is stored; what could not be stored is answered 4xx, and the
mail server brings it again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakSet

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from services.notifier.replies.intake import FullError, Intake, Mail
from services.notifier.replies.reading import LARGEST_MAIL
from services.notifier.replies.settings import ListenerProtocol, ListenerSettings

log = logging.getLogger(__name__)
# The library tells every command, and the address in one is a secret that lets its holder answer.
logging.getLogger("mail.log").setLevel(logging.WARNING)

_LATER = "451 4.3.0 not taken in; please try again"


class _Handler:
    """What the server does with addresses and mails."""

    def __init__(self, intake: Intake, protocol: ListenerProtocol) -> None:
        self._intake = intake
        self._protocol = protocol

    async def handle_RCPT(  # noqa: N802 - named by aiosmtpd
        self,
        server: SMTP,  # noqa: ARG002
        session: Session,  # noqa: ARG002
        envelope: Envelope,
        address: str,
        rcpt_options: list[str],  # noqa: ARG002
    ) -> str:
        if not self._intake.serves(address):
            return "550 5.1.1 no such address here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802
        answer = await self._answer(envelope)
        # By LMTP each recipient is answered for (RFC 2033, 4.2).
        return "\r\n".join([answer] * (len(envelope.rcpt_tos) if self._protocol is ListenerProtocol.LMTP else 1))

    async def _answer(self, envelope: Envelope) -> str:
        mail = Mail(
            bytes(envelope.original_content or b""),
            recipients=tuple(envelope.rcpt_tos),
            null_sender=envelope.mail_from in {None, "", "<>"},
        )
        try:
            taken = await self._intake.take(mail)
        except FullError:
            return "452 4.3.1 no room at the moment"
        except Exception as error:
            # Whatever it was, nothing is stored, so the sender's server must keep the mail.
            log.warning("a mail could not be stored: %s", type(error).__name__, exc_info=error)
            return _LATER
        return f"250 2.0.0 OK: {taken}"


@asynccontextmanager
async def listening(intake: Intake, settings: ListenerSettings) -> AsyncIterator[int]:
    """Take mails in for as long as the block lasts; gives the port. The view must have caught up."""
    kind = LMTP if settings.protocol is ListenerProtocol.LMTP else SMTP
    connections: WeakSet[SMTP] = WeakSet()

    def connected() -> SMTP:
        server = kind(
            _Handler(intake, settings.protocol),
            data_size_limit=LARGEST_MAIL,
            hostname="replies",
            timeout=settings.idle_seconds,
        )
        connections.add(server)
        return server

    loop = asyncio.get_running_loop()
    server = await loop.create_server(connected, settings.host, settings.port)
    port = int(server.sockets[0].getsockname()[1])
    log.info("mails for the reply address are taken in on %s:%s", settings.host, port)
    try:
        yield port
    finally:
        server.close()
        for connection in connections:
            if connection.transport is not None:
                connection.transport.close()

"""One SMTP connection, and one mail over it after another.

The end of the data is sent by itself: before that final dot a lost connection means "surely not delivered", after
it only the server's answer tells. Every step has its own deadline.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import suppress
from ssl import SSLCertVerificationError
from typing import cast

from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPHeloError,
    SMTPResponseException,
)

from services.notifier.delivery.outcome import Deferred, InDoubt, Misconfigured, Outcome
from services.notifier.delivery.smtp_settings import Security, SmtpSettings
from services.notifier.delivery.verdict import SmtpStep, judged

_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


class _Refusal(Exception):  # noqa: N818 - an answer, not a failure
    """The server answered a command otherwise than with the go-ahead."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


class _NoSession(Exception):  # noqa: N818 - an answer, not a failure
    """No session came about, so that nothing was transmitted."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


class SmtpConnection:
    """One connection, opened when needed and again after it was lost."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._deadlines = settings.deadlines
        self._client = self._new_client()
        self._writer: asyncio.StreamWriter | None = None

    def _new_client(self) -> SMTP:
        """A fresh one for every connection: no state of a lost one is carried along."""
        settings = self._settings
        return SMTP(
            hostname=settings.host,
            port=settings.port,
            username=settings.username,
            password=settings.password.get_secret_value() if settings.password else None,
            local_hostname=settings.own_name,
            use_tls=settings.security is Security.TLS,
            start_tls=settings.security is Security.STARTTLS,
            validate_certs=settings.verify_certificate,
            cert_bundle=str(settings.ca_file) if settings.ca_file else None,
            timeout=settings.deadlines.connect,
        )

    async def transmit(self, mail: bytes, sender: str, recipient: str) -> Outcome:
        try:
            return await self._transaction(mail, sender, recipient)
        except _Refusal as refusal:
            await self._reset()
            return refusal.outcome
        except _NoSession as none:
            self._client.close()
            return none.outcome
        except (SMTPException, OSError, TimeoutError) as error:
            self._client.close()
            return Deferred(f"before the mail was complete: {_told(error)}")
        except BaseException:
            self._client.close()
            raise

    async def _transaction(self, mail: bytes, sender: str, recipient: str) -> Outcome:
        await self._begin(sender)
        await self._command(f"RCPT TO:<{recipient}>", SmtpStep.RCPT)
        await self._command("DATA", SmtpStep.DATA, go_ahead=3)
        await self._write(mail)
        return await self._finish()

    async def _begin(self, sender: str) -> None:
        """MAIL FROM; once more on a new connection if the open one turns out to be stale."""
        mail_from = f"MAIL FROM:<{sender}>"
        if self._client.is_connected:
            try:
                await self._command(mail_from, SmtpStep.MAIL)
            except _Refusal:
                # 421 closes a connection that was idle for too long; any other answer is to this mail.
                if self._client.is_connected:
                    raise
            except (SMTPException, OSError):
                pass
            else:
                return
        await self._connect()
        await self._command(mail_from, SmtpStep.MAIL)

    async def _connect(self) -> None:
        self._client.close()
        self._client = self._new_client()
        try:
            async with asyncio.timeout(self._deadlines.connect):
                await self._client.connect()
                await self._greet()
        except SMTPResponseException as error:
            raise _NoSession(judged(error.code, error.message, SmtpStep.SESSION)) from error
        except (SMTPException, OSError, TimeoutError) as error:
            raise _NoSession(_no_session(error)) from error
        self._writer = self._new_writer()

    def _new_writer(self) -> asyncio.StreamWriter | None:
        """Writes to the client's connection and waits until all is gone. Kept, because its end is the connection's."""
        protocol, transport = self._client.protocol, self._client.transport
        if protocol is None or transport is None:
            return None
        # Not every event loop derives its transports from asyncio's class; a connection's can be written to.
        writable = cast(asyncio.WriteTransport, transport)
        # Over TLS, asyncio never goes on after a limit of 0: it takes an empty buffer for one that is too full.
        writable.set_write_buffer_limits(high=0 if transport.get_extra_info("ssl_object") is None else 1, low=0)
        return asyncio.StreamWriter(writable, protocol, None, asyncio.get_running_loop())

    async def _greet(self) -> None:
        try:
            await self._client.ehlo()
        except SMTPHeloError:
            await self._client.helo()

    async def _command(self, command: str, step: SmtpStep, go_ahead: int = 2) -> None:
        answer = await self._client.execute_command(command.encode("ascii"), timeout=self._deadlines.command)
        if answer.code // 100 != go_ahead:
            raise _Refusal(judged(answer.code, answer.message, step))

    async def _write(self, mail: bytes) -> None:
        """The lines of the mail, until the system has taken the last of them."""
        if self._writer is None or not self._client.is_connected:
            raise ConnectionResetError("the connection was lost")
        async with asyncio.timeout(self._deadlines.body):
            self._writer.write(_stuffed(mail))
            await self._writer.drain()

    async def _finish(self) -> Outcome:
        """The final dot. From here on, silence means doubt."""
        if not self._client.is_connected:
            raise ConnectionResetError("the connection was lost")
        try:
            answer = await self._client.execute_command(b".", timeout=self._deadlines.answer)
        except (SMTPException, OSError) as error:
            self._client.close()
            return InDoubt(f"no answer after the mail was complete: {_told(error)}")
        return judged(answer.code, answer.message, SmtpStep.DOT)

    async def _reset(self) -> None:
        """Forget the refused transaction, so that it does not spoil the next one."""
        if not self._client.is_connected:
            return
        try:
            await self._command("RSET", SmtpStep.SESSION)
        except (_Refusal, SMTPException, OSError):
            self._client.close()

    async def close(self) -> None:
        if self._client.is_connected:
            with suppress(SMTPException, OSError):
                await self._client.quit(timeout=1)
        self._client.close()


def _no_session(error: BaseException) -> Outcome:
    """A server that cannot be what we were told it is will not become so by waiting; one that is away may come back."""
    told = f"no session with the mail server: {_told(error)}"
    # The library's plain exception says that the server lacks what we were told to use: STARTTLS, or a login.
    lacks_something = type(error) is SMTPException
    if lacks_something or any(isinstance(each, SSLCertVerificationError) for each in _causes(error)):
        return Misconfigured(told)
    return Deferred(told, reached=False)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _told(error: BaseException) -> str:
    return str(error) or type(error).__name__


def _stuffed(mail: bytes) -> bytes:
    """Whole lines that end with CRLF, and a second dot before every leading one (RFC 5321, 4.5.2)."""
    lines = _LINE_END.sub(b"\r\n", mail)
    return _LEADING_DOT.sub(b"..", lines if lines.endswith(b"\r\n") else lines + b"\r\n")

"""How replies come in: by a listener, from a mailbox, both, or by links only."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from services.notifier.delivery.smtp_settings import Security
from services.notifier.replies.trust import TrustPolicy


class ListenerProtocol(StrEnum):
    SMTP = "smtp"
    LMTP = "lmtp"


class ListenerSettings(BaseModel):
    """Where mails for the reply address are handed over; port 0 takes any free one."""

    model_config = ConfigDict(frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(ge=0, le=65535)
    protocol: ListenerProtocol = ListenerProtocol.SMTP
    idle_seconds: float = Field(default=60.0, gt=0, le=3600)


ImapSecurity = Literal[Security.NONE, Security.TLS]
"""Not at all (a server on loopback), or TLS from the first byte."""


class MailboxSettings(BaseModel):
    """An IMAP mailbox that replies arrive in. What was taken in is moved to ``done_folder`` if there is one."""

    model_config = ConfigDict(frozen=True)

    host: str
    port: int = Field(ge=1, le=65535)
    security: ImapSecurity = Security.TLS
    verify_certificate: bool = True
    username: str
    password: SecretStr
    folder: str = "INBOX"
    done_folder: str | None = None
    command_seconds: float = Field(default=30.0, gt=0, le=600)
    look_every_seconds: float = Field(default=600.0, gt=0, le=1740)


class ReplySettings(BaseModel):
    """Ways in and whom to believe; a way that is None is closed."""

    model_config = ConfigDict(frozen=True)

    listener: ListenerSettings | None = None
    mailbox: MailboxSettings | None = None
    trust: TrustPolicy = TrustPolicy()

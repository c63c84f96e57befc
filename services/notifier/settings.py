"""Settings of the notifier."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from pydantic import Field, SecretStr, field_validator

from services.notifier.content.composing import Composer
from services.notifier.content.dkim import Signer, load_key
from services.notifier.delivery.holding import HoldingRules
from services.notifier.delivery.life import DeliveryPolicy
from services.notifier.delivery.rates import DomainLimits
from services.notifier.delivery.smtp_settings import Security, SmtpDeadlines, SmtpSettings
from services.notifier.replies.settings import (
    ImapSecurity,
    ListenerProtocol,
    ListenerSettings,
    MailboxSettings,
    ReplySettings,
)
from services.notifier.replies.trust import PartyCrashers, TrustPolicy
from shared.links import LinkKey
from shared.settings import BusSettings
from shared.time.quiet import QuietHours

# A claim outlives its transmission by this much: storing the claim and the outcome takes time, too.
_CLAIM_MARGIN_SECONDS = 4.0


class NotifierSettings(BusSettings):
    user: str = "notifier"
    link_key_file: Path
    web_url: str = "http://127.0.0.1:8080"
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 25
    smtp_security: Security = Security.NONE
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_connections: int = 4
    smtp_verify_certificate: bool = True
    smtp_ca_file: Path | None = None
    smtp_deadlines: SmtpDeadlines = SmtpDeadlines()
    never_twice: bool = False
    domain_messages_per_minute: float | None = Field(default=None, gt=0)
    domain_connections: int | None = Field(default=None, ge=1)
    dkim_keys: dict[str, Path] = Field(default={}, description="PEM files of private keys, by selector")
    give_up_hours: float = Field(default=120.0, gt=0, le=24 * 365)
    settle_seconds: float = Field(default=2.0, ge=0, le=24 * 3600)
    quiet_hours: str | None = None
    urgent_hours: float = Field(default=24.0, ge=0)
    reply_listener_host: str = "127.0.0.1"
    reply_listener_port: int | None = Field(default=None, ge=0, le=65535)
    reply_listener_protocol: ListenerProtocol = ListenerProtocol.SMTP
    reply_imap_host: str | None = None
    reply_imap_port: int = 993
    reply_imap_security: ImapSecurity = Security.TLS
    reply_imap_username: str = ""
    reply_imap_password: SecretStr = SecretStr("")
    reply_imap_folder: str = "INBOX"
    reply_imap_done_folder: str | None = None
    reply_authserv_id: str | None = None
    party_crashers: PartyCrashers = PartyCrashers.ASK

    @field_validator("quiet_hours")
    @classmethod
    def _is_a_span(cls, text: str | None) -> str | None:
        if text:
            QuietHours.read(text)
        return text or None

    def smtp(self) -> SmtpSettings:
        return SmtpSettings(
            host=self.smtp_host,
            port=self.smtp_port,
            security=self.smtp_security,
            username=self.smtp_username,
            password=self.smtp_password,
            verify_certificate=self.smtp_verify_certificate,
            ca_file=self.smtp_ca_file,
            connections=self.smtp_connections,
            deadlines=self.smtp_deadlines,
        )

    def delivery_policy(self) -> DeliveryPolicy:
        lasts = timedelta(seconds=self.smtp_deadlines.total + _CLAIM_MARGIN_SECONDS)
        horizon = timedelta(hours=self.give_up_hours)
        return DeliveryPolicy(claim_lasts=lasts, horizon=horizon, never_twice=self.never_twice)

    def replies(self) -> ReplySettings:
        return ReplySettings(
            listener=self._listener(),
            mailbox=self._mailbox(),
            trust=TrustPolicy(self.reply_authserv_id, self.party_crashers),
        )

    def _listener(self) -> ListenerSettings | None:
        if self.reply_listener_port is None:
            return None
        protocol = self.reply_listener_protocol
        return ListenerSettings(host=self.reply_listener_host, port=self.reply_listener_port, protocol=protocol)

    def _mailbox(self) -> MailboxSettings | None:
        if self.reply_imap_host is None:
            return None
        return MailboxSettings(
            host=self.reply_imap_host,
            port=self.reply_imap_port,
            security=self.reply_imap_security,
            username=self.reply_imap_username,
            password=self.reply_imap_password,
            folder=self.reply_imap_folder,
            done_folder=self.reply_imap_done_folder,
        )

    def composer(self, key: LinkKey) -> Composer:
        signer = Signer({selector: load_key(file) for selector, file in self.dkim_keys.items()})
        replies = self.replies()
        reads_replies = replies.listener is not None or replies.mailbox is not None
        return Composer(key, self.web_url, reads_replies=reads_replies, signer=signer if self.dkim_keys else None)

    def domain_limits(self) -> DomainLimits:
        return DomainLimits(self.domain_messages_per_minute, self.domain_connections)

    def holding_rules(self) -> HoldingRules:
        return HoldingRules(
            settle=timedelta(seconds=self.settle_seconds),
            quiet=QuietHours.read(self.quiet_hours) if self.quiet_hours else None,
            urgent_within=timedelta(hours=self.urgent_hours),
        )

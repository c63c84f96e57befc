"""Settings of the notifier."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr

from services.notifier.delivery import DeliveryPolicy
from services.notifier.smtp_settings import Security, SmtpDeadlines, SmtpSettings
from shared.settings import BusSettings

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
    smtp_deadlines: SmtpDeadlines = SmtpDeadlines()
    never_twice: bool = False

    def smtp(self) -> SmtpSettings:
        return SmtpSettings(
            host=self.smtp_host,
            port=self.smtp_port,
            security=self.smtp_security,
            username=self.smtp_username,
            password=self.smtp_password,
            connections=self.smtp_connections,
            deadlines=self.smtp_deadlines,
        )

    def delivery_policy(self) -> DeliveryPolicy:
        lasts = timedelta(seconds=self.smtp_deadlines.total + _CLAIM_MARGIN_SECONDS)
        return DeliveryPolicy(claim_lasts=lasts, never_twice=self.never_twice)

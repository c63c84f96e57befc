"""Where mails go by SMTP, and how long each step may take."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr

_COMMANDS = 5  # MAIL on a stale connection, MAIL, RCPT, DATA, RSET


class Security(StrEnum):
    """How the connection is protected: not at all (a relay on loopback), STARTTLS, or TLS from the first byte."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


class SmtpDeadlines(BaseModel):
    """Seconds that each step may take. ``connect`` includes greeting, TLS and login; ``answer`` follows the dot."""

    model_config = ConfigDict(frozen=True)

    idle_connection: float = Field(default=5.0, gt=0, le=600)
    connect: float = Field(default=15.0, gt=0, le=600)
    command: float = Field(default=10.0, gt=0, le=600)
    body: float = Field(default=20.0, gt=0, le=600)
    answer: float = Field(default=30.0, gt=0, le=600)

    @property
    def total(self) -> float:
        """Seconds after which an attempt has ended, whatever happens. Claims must last longer."""
        return self.idle_connection + self.connect + _COMMANDS * self.command + self.body + self.answer


class SmtpSettings(BaseModel):
    """Where mails go, and over how many connections at a time."""

    model_config = ConfigDict(frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=25, ge=1, le=65535)
    security: Security = Security.NONE
    username: str | None = None
    password: SecretStr | None = None
    verify_certificate: bool = Field(default=True, description="whether the server must prove who it is (TLS)")
    ca_file: Path | None = Field(default=None, description="certificates to trust beside the system's, as PEM")
    own_name: str = Field(default="localhost", description="how we introduce ourselves (EHLO)")
    connections: int = Field(default=4, ge=1, le=64)
    deadlines: SmtpDeadlines = SmtpDeadlines()

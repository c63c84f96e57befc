"""A real SMTP server with TLS and a login, and the certificate that it shows."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "notifier", "three quiet geese"


@dataclass(frozen=True)
class Certificate:
    """PEM files of a certificate that signs itself, and of its key."""

    certificate: Path
    key: Path


def certificate(folder: Path, address: str = "127.0.0.1") -> Certificate:
    """For a server at that address."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail server of a test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = Certificate(folder / "server.crt", folder / "server.key")
    files.certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    files.key.write_bytes(key.private_bytes(*form))
    return files


@dataclass
class TlsServer:
    """What came over which kind of connection."""

    port: int = 0
    mails: list[bytes] = field(default_factory=list)
    users: list[str | None] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - named by aiosmtpd
        assert server.session.ssl is not None or server.transport.get_extra_info("ssl_object") is not None
        self.mails.append(bytes(envelope.original_content or b""))
        self.users.append(session.auth_data)
        return "250 OK"


def _authenticator(server: object, session: object, envelope: object, mechanism: object, data: object) -> AuthResult:
    assert isinstance(data, LoginPassword)
    is_right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=is_right, handled=False, auth_data=data.login.decode())


@asynccontextmanager
async def tls_server(files: Certificate, *, implicit: bool, login: bool = True) -> AsyncIterator[TlsServer]:
    """A server that takes mail only over TLS and, with ``login``, only from who has logged in."""
    found = TlsServer()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(files.certificate, files.key)

    def smtp() -> SMTP:
        return SMTP(
            found,
            hostname="mail.test",
            tls_context=None if implicit else context,
            require_starttls=not implicit,
            auth_required=login,
            auth_require_tls=not implicit,
            authenticator=_authenticator,
        )

    listening = await asyncio.get_running_loop().create_server(smtp, "127.0.0.1", 0, ssl=context if implicit else None)
    found.port = listening.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        listening.close()

"""Certificates are checked against the name in the address, though the connection goes to a checked address."""

from __future__ import annotations

import asyncio
import socket
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.registrations.calendars.addresses import AddressRules
from services.registrations.calendars.fetching import Fetcher, Question
from services.registrations.calendars.network import Network
from services.registrations.calendars.responses import FetchError
from services.registrations.calendars.sealing import CalendarAddress
from shared.contract.facts.calendars import ReadProblem
from tests.calendar_server import calendar_server


def certificate(folder: Path, host: str) -> Path:
    """A PEM file with a certificate for that name, which signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "calendar server of a test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "server.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(*form))
    return file


@pytest.mark.parametrize(
    ("host", "trusted", "problem"),
    [
        ("calendars.example", True, None),
        ("calendars.example", False, ReadProblem.UNREACHABLE),
        ("others.example", True, ReadProblem.UNREACHABLE),
    ],
)
async def test_only_a_trusted_certificate_of_the_named_host_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, trusted: bool, problem: ReadProblem | None
) -> None:
    async def to_loopback(_: Any, port: Any, **__: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    file = certificate(tmp_path, "calendars.example")
    served, names = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), list[str | None]()
    served.load_cert_chain(file)
    served.sni_callback = lambda _, name, __: names.append(name)
    trust = ssl.create_default_context(cafile=str(file) if trusted else None)
    async with calendar_server(tls=served) as server:
        rules = AddressRules(Network((ip_network("127.0.0.0/8"),)), ports=(server.port,))
        with monkeypatch.context() as patched:
            patched.setattr(asyncio.get_running_loop(), "getaddrinfo", to_loopback)
            fetched = Fetcher(rules, trust=trust).fetch(CalendarAddress(url=server.url("/", host)), Question())
            if problem is None:
                assert b"VCALENDAR" in ((await fetched).content or b"")
            else:
                with pytest.raises(FetchError) as failed:
                    await fetched
                assert failed.value.problem is problem
    assert names[0] == host

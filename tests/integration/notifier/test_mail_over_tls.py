"""Mail over TLS from the first byte and by STARTTLS, with a login, against a server that takes nothing without."""

from __future__ import annotations

from pathlib import Path

import pytest
from misbehaving_server import Step, misbehaving
from pydantic import SecretStr
from tls_server import PASSWORD, USER, Certificate, TlsServer, certificate, tls_server

from services.notifier.delivery.outcome import Misconfigured, Outcome, Sent
from services.notifier.delivery.smtp_settings import Security, SmtpSettings
from services.notifier.delivery.transmission import MailTransport

MAIL = b"Subject: hello\r\n\r\n" + b"over TLS\r\n" * 100_000


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("certificate"))


async def sent(server: TlsServer, security: Security, count: int = 1, **other: object) -> tuple[Outcome, bool]:
    """The outcome of the last of some mails, and whether the relay is still used."""
    fields = {"port": server.port, "security": security, "username": USER, "password": SecretStr(PASSWORD)}
    async with MailTransport(SmtpSettings.model_validate(fields | {"connections": 1} | other)) as transport:
        for _ in range(count):
            outcome = await transport.send(MAIL, sender="sessions@northgate.example", recipient="amara@x.example")
        return outcome, transport.relay.is_open


WAYS = [Security.TLS, Security.STARTTLS]


@pytest.mark.parametrize("security", WAYS)
async def test_mails_go_over_tls_after_a_login(security: Security, files: Certificate) -> None:
    async with tls_server(files, implicit=security is Security.TLS) as server:
        outcome, is_open = await sent(server, security, 2, ca_file=files.certificate)
        assert isinstance(outcome, Sent)
        assert is_open
        assert server.mails == [MAIL, MAIL]
        assert server.users == [USER, USER]


@pytest.mark.parametrize("security", WAYS)
async def test_a_server_that_cannot_prove_who_it_is_gets_neither_password_nor_mail(
    security: Security, files: Certificate
) -> None:
    async with tls_server(files, implicit=security is Security.TLS) as server:
        outcome, is_open = await sent(server, security)
        assert isinstance(outcome, Misconfigured)
        assert "certificate" in outcome.answer.lower()
        assert not is_open
        assert server.mails == []


@pytest.mark.parametrize("security", WAYS)
async def test_a_certificate_for_another_server_is_no_proof(security: Security, tmp_path: Path) -> None:
    other = certificate(tmp_path, "192.0.2.1")
    async with tls_server(other, implicit=security is Security.TLS) as server:
        outcome, _ = await sent(server, security, ca_file=other.certificate)
        assert isinstance(outcome, Misconfigured)
        assert server.mails == []


@pytest.mark.parametrize("security", WAYS)
async def test_certificates_may_be_left_unchecked_by_choice(security: Security, files: Certificate) -> None:
    async with tls_server(files, implicit=security is Security.TLS) as server:
        outcome, _ = await sent(server, security, verify_certificate=False)
        assert isinstance(outcome, Sent)


@pytest.mark.parametrize("security", WAYS)
async def test_a_wrong_password_is_ours_to_mend_and_suppresses_nobody(security: Security, files: Certificate) -> None:
    async with tls_server(files, implicit=security is Security.TLS) as server:
        outcome, is_open = await sent(server, security, ca_file=files.certificate, password=SecretStr("wrong"))
        assert outcome == Misconfigured("535 5.7.8 Authentication credentials invalid")
        assert not is_open
        assert server.mails == []


async def test_a_missing_login_is_ours_to_mend(files: Certificate) -> None:
    async with tls_server(files, implicit=False) as server:
        outcome, is_open = await sent(server, Security.STARTTLS, ca_file=files.certificate, username=None)
        assert isinstance(outcome, Misconfigured)
        assert not is_open


async def test_a_server_without_starttls_gets_nothing() -> None:
    async with misbehaving({Step.CONNECT: []}) as server:
        plain = TlsServer(port=server.port)
        outcome, _ = await sent(plain, Security.STARTTLS)
        assert isinstance(outcome, Misconfigured)
        assert server.mails == []
        assert "MAIL" not in server.commands

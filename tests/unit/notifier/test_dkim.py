"""Signatures as another implementation checks them."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifier.content.dkim import Signer, SigningKey, load_key, relaxed_body

DOMAIN = "northgate.example"
NOW = datetime(2026, 1, 1, 9, tzinfo=UTC)  # a checker refuses what is signed in its future
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ED25519 = Ed25519PrivateKey.generate()
KEYS: dict[str, SigningKey] = {"rsa": RSA, "ed": ED25519}
HEAD = (
    'From: "Northgate" <sessions@northgate.example>\r\nTo: amara@hillside.example\r\n'
    "Subject: =?utf-8?b?w7w=?=\r\n  folded   here\r\nDate: Tue, 01 Dec 2026 09:00:00 +0000\r\n"
    "Message-ID: <a.b.0.request@northgate.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n"
)
MAIL = f"{HEAD}A line.  \r\n\r\n  two\t \tspaces\r\n.dot\r\n\r\n\r\n"


def dns(name: bytes, timeout: int = 5) -> bytes:
    """The public keys as the domain's records would give them."""
    public = KEYS[name.decode().split(".")[0]].public_key()
    if name.startswith(b"rsa"):
        der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        return b"v=DKIM1; k=rsa; p=" + base64.b64encode(der)
    raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return b"v=DKIM1; k=ed25519; p=" + base64.b64encode(raw)


def holds(mail: str, index: int = 0) -> bool:
    try:
        return bool(dkim.DKIM(mail.encode()).verify(idx=index, dnsfunc=dns))
    except dkim.ValidationError:
        return False


def signed(mail: str = MAIL, *selectors: str) -> str:
    return Signer({name: KEYS[name] for name in selectors or ("rsa",)}).signed(mail, DOMAIN, NOW)


@pytest.mark.parametrize("selector", ["rsa", "ed"])
def test_a_signature_holds_for_who_checks_it(selector: str) -> None:
    mail = signed(MAIL, selector)
    assert mail.endswith(MAIL)
    assert holds(mail)


def test_two_keys_make_two_signatures_that_each_hold() -> None:
    mail = signed(MAIL, "rsa", "ed")
    assert mail.count("DKIM-Signature:") == 2
    assert holds(mail, 0)
    assert holds(mail, 1)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [("A line", "Another line"), ("amara@", "eve@"), ("folded", "changed"), ("Date: Tue, 01", "Date: Wed, 02")],
)
@pytest.mark.parametrize("selector", ["rsa", "ed"])
def test_a_changed_mail_does_not_hold(selector: str, was: str, becomes: str) -> None:
    assert not holds(signed(MAIL, selector).replace(was, becomes))


def test_no_second_sender_can_be_put_into_the_head() -> None:
    assert not holds(signed().replace("MIME-Version", "From: eve@evil.example\r\nMIME-Version"))


def test_spaces_that_relays_change_do_not_matter() -> None:
    assert holds(signed().replace("A line.  ", "A line.").replace("  two\t \tspaces", " two spaces"))


def test_equal_mails_get_equal_bytes() -> None:
    assert signed() == signed()
    assert signed() != Signer({"rsa": RSA}).signed(MAIL, DOMAIN, NOW + timedelta(seconds=1))


def test_lines_are_short() -> None:
    assert max(map(len, signed(MAIL, "rsa", "ed").split("\r\n"))) <= 78


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(" \tab.", max_size=8), max_size=6))
def test_any_body_holds(lines: list[str]) -> None:
    assert holds(signed(HEAD + "".join(f"{line}\r\n" for line in lines), "ed"))


def test_an_empty_body_is_empty() -> None:
    assert relaxed_body(b"\r\n\r\n") == b""
    assert holds(signed(HEAD, "ed"))


def pem(key: SigningKey | ec.EllipticCurvePrivateKey, folder: Path) -> Path:
    file = folder / "key.pem"
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(key.private_bytes(*form))
    return file


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_keys_are_read_from_pem_files(key: SigningKey, tmp_path: Path) -> None:
    assert type(load_key(pem(key, tmp_path))) is type(key)


@pytest.mark.parametrize(
    "key", [rsa.generate_private_key(public_exponent=65537, key_size=1024), ec.generate_private_key(ec.SECP256R1())]
)
def test_keys_that_receivers_do_not_accept_are_refused(key: SigningKey, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"key\.pem is neither an Ed25519 key nor an RSA key of at least 2048 bits"):
        load_key(pem(key, tmp_path))

"""What a composed mail is made of: links, addresses, and a signature where there is a key."""

from __future__ import annotations

import base64
import email
import email.policy
from datetime import UTC, datetime

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from notifier_samples import COMMUNITY, contact, message

from services.notifier.content.composing import Composer
from services.notifier.content.dkim import Signer
from services.notifier.replies.reply_address import ReplyAddresses, ReplyTarget
from shared.links import LinkKey, LinkScope

NOW = datetime(2026, 1, 1, 9, tzinfo=UTC)
KEY = LinkKey(b"k" * 32)
WEB = "https://northgate.example"
SIGNING = Ed25519PrivateKey.generate()


def record(name: bytes, timeout: int = 5) -> bytes:
    assert name == b"autumn._domainkey.northgate.example."
    public = SIGNING.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return b"v=DKIM1; k=ed25519; p=" + base64.b64encode(public)


def test_a_whole_invitation_is_signed_by_the_domain_of_its_sender_and_equal_ones_are_equal() -> None:
    composer = Composer(KEY, WEB, signer=Signer({"autumn": SIGNING}))
    mail = composer.mail(message(), COMMUNITY, contact(), NOW)
    assert dkim.verify(mail.text.encode("ascii"), dnsfunc=record)
    assert mail == composer.mail(message(), COMMUNITY, contact(), NOW)
    assert mail.text.endswith(Composer(KEY, WEB).mail(message(), COMMUNITY, contact(), NOW).text)


def test_answers_and_delivery_reports_come_to_an_address_that_tells_whom_they_are_about_where_we_read_it() -> None:
    composer = Composer(KEY, WEB, reads_replies=True)
    told = message()
    sender = composer.sender(COMMUNITY, told.person, told.session)
    target = ReplyTarget("northgate", told.person, told.session)
    sent = ReplyAddresses(KEY)
    sent.know(target)
    assert sent.read(sender) == target
    mail = email.message_from_string(composer.mail(told, COMMUNITY, contact(), NOW).text, policy=email.policy.default)
    assert mail["Reply-To"].addresses[0].addr_spec == sender


def test_they_come_to_the_communitys_mailbox_where_we_read_nothing() -> None:
    composer, told = Composer(KEY, WEB), message()
    assert composer.sender(COMMUNITY, told.person, told.session) == COMMUNITY.mailbox
    assert "Reply-To" not in composer.mail(told, COMMUNITY, contact(), NOW).text


def test_the_persons_page_is_linked_with_a_token_of_their_own() -> None:
    url = Composer(KEY, WEB).page_url("northgate", contact(), NOW)
    claims = KEY.verify(url.removeprefix(f"{WEB}/me/"), now=NOW)
    assert (claims.community, claims.person, claims.scope) == ("northgate", "p-001", LinkScope.ME)

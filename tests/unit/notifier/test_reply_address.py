"""The addresses that answers go to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.notifier.replies.reply_address import ReplyAddresses, ReplyTarget, reply_address, reply_token
from shared.contract.commands.registrations import EstablishCommunity
from shared.links import LinkKey

KEY = LinkKey(b"k" * 32)
MAILBOX = "sessions@northgate.example"
AMARA = ReplyTarget("northgate", "p-001", "retrieval")
IDS = st.from_regex(r"[a-z0-9-]{1,64}", fullmatch=True)
TARGETS = st.builds(ReplyTarget, IDS, IDS, IDS)


def _address(target: ReplyTarget, mailbox: str = MAILBOX, key: LinkKey = KEY) -> str:
    return reply_address(mailbox, key, target.community, target.person, target.session)


@given(st.sets(TARGETS, min_size=1, max_size=8))
def test_each_person_and_session_has_an_address_of_its_own_that_is_read_back_in_any_case(
    targets: set[ReplyTarget],
) -> None:
    sent = ReplyAddresses(KEY)
    for target in targets:
        sent.know(target)
    for target in targets:
        address = _address(target)
        assert sent.read(address) == sent.read(address.upper()) == target
        assert len(address.partition("@")[0]) <= 64


def test_ids_that_read_the_same_when_joined_have_different_tokens() -> None:
    assert reply_token(KEY, ReplyTarget("a", "b-c", "d")) != reply_token(KEY, ReplyTarget("a", "b", "c-d"))


def test_nobody_without_the_key_makes_an_address_that_counts() -> None:
    sent = ReplyAddresses(KEY)
    sent.know(AMARA)
    assert sent.read(_address(AMARA, key=LinkKey(b"x" * 32))) is None


def test_an_address_without_a_token_stands_for_nobody() -> None:
    sent = ReplyAddresses(KEY)
    sent.know(AMARA)
    for address in (MAILBOX, "", "+", "sessions+@northgate.example", "sessions+x@northgate.example"):
        assert sent.read(address) is None


def test_a_mailbox_that_has_a_plus_already_keeps_it() -> None:
    address = _address(AMARA, "sessions+spring@northgate.example")
    sent = ReplyAddresses(KEY)
    sent.know(AMARA)
    assert address.startswith("sessions+spring+")
    assert sent.read(address) == AMARA


def test_a_mailbox_without_room_for_a_token_stays_as_it_is() -> None:
    long = f"{'x' * 40}@northgate.example"
    assert _address(AMARA, long) == long
    assert _address(AMARA, long[1:]) != long[1:]


def test_the_address_is_one_that_the_contract_takes() -> None:
    example = EstablishCommunity.example | {"mailbox": _address(AMARA)}
    assert EstablishCommunity.model_validate(example).mailbox == _address(AMARA)

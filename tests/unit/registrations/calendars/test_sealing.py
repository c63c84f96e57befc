"""Addresses of calendars are kept encrypted."""

from __future__ import annotations

import base64

import pytest

from services.registrations.calendars.sealing import CalendarAddress, Seal, SealError

ADDRESS = CalendarAddress(url="https://calendars.example/private-7c1d/basic.ics", user="amara", password="hunter2")
ENTITY = ("northgate", "p-001", "work")


def test_what_is_sealed_is_opened_with_the_same_key_for_the_same_calendar() -> None:
    sealed = Seal(b"key").seal(ADDRESS, *ENTITY)
    assert Seal(b"key").open(sealed, *ENTITY) == ADDRESS


def test_nothing_of_it_can_be_read_and_no_two_are_alike() -> None:
    first, second = (Seal(b"key").seal(ADDRESS, *ENTITY) for _ in range(2))
    assert first != second
    assert not [word for word in (b"7c1d", b"amara", b"hunter2", b"example") if word in base64.b64decode(first)]


@pytest.mark.parametrize(
    ("key", "entity"),
    [(b"another", ENTITY), (b"key", ("northgate", "p-002", "work")), (b"key", ("southgate", "p-001", "work"))],
)
def test_another_key_or_another_calendar_opens_nothing(key: bytes, entity: tuple[str, ...]) -> None:
    sealed = Seal(b"key").seal(ADDRESS, *ENTITY)
    with pytest.raises(SealError):
        Seal(key).open(sealed, *entity)


@pytest.mark.parametrize("sealed", ["", "no base64 !", "QUJD", base64.b64encode(b"x" * 40).decode()])
def test_what_was_never_sealed_opens_nothing(sealed: str) -> None:
    with pytest.raises(SealError):
        Seal(b"key").open(sealed, *ENTITY)

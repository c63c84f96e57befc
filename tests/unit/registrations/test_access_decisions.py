"""When a call takes proposals: from opening until before closing, and by an access code while it is closed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from known_facts import AMARA, BEN, NOW, ORGANISER, PARTNER, Known, community, contact, programme

from services.registrations.decisions.access import MOST_WRONG, MOST_WRONG_OF_STRANGERS, WrongCodeError
from shared.contract.authority import Actor, ActorKind
from shared.contract.commands.calls import BeginProposal, MakeAccessCode, RevokeAccessCode
from shared.contract.commands.registrations import SubmitProposal
from shared.contract.results import Rejection, RejectionCode
from shared.contract.subjects import FactSubject

CODE = "k7qd-93mz-x2vb"
ANYONE = Actor(ActorKind.ANYONE)
OPENS, CLOSES = NOW - timedelta(days=9), NOW - timedelta(days=1)
INSTANTS = st.datetimes(datetime(2026, 6, 1), datetime(2027, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001


def known(*, opens: datetime = OPENS, closes: datetime = CLOSES) -> Known:
    window = {"opens": opens, "closes": closes}
    return Known(community(), programme(call=window), contact("p-001"), contact("p-002"))


def submit(**other: Any) -> SubmitProposal:
    return SubmitProposal.model_validate(SubmitProposal.example | other)


def make(**other: Any) -> MakeAccessCode:
    return MakeAccessCode.model_validate({"programme": "spring-2027", "label": "late", "code": CODE} | other)


def begin(number: int, **other: Any) -> BeginProposal:
    return BeginProposal.model_validate(BeginProposal.example | {"address": f"a{number}@lakeside.example"} | other)


def guess(found: Known, command: Any, actor: Actor, now: datetime = NOW) -> WrongCodeError:
    """A wrong code, counted as the service does it."""
    with pytest.raises(WrongCodeError) as wrong:
        found.decided(command, actor, now)
    for write in wrong.value.counted:
        found.facts.apply(FactSubject(write.ref, write.what), write.state, found.facts.last_seq("registrations") + 1)
    return wrong.value


@given(opens=INSTANTS, closes=INSTANTS, now=INSTANTS, expires=st.none() | INSTANTS, with_code=st.booleans())
def test_a_person_proposes_exactly_while_the_call_is_open_or_their_code_counts(
    opens: datetime, closes: datetime, now: datetime, expires: datetime | None, with_code: bool
) -> None:
    found = known(opens=opens, closes=closes)
    if expires is not None and expires <= NOW:
        expires = None
    found.done(make(expires=expires.isoformat() if expires else None))
    command = submit(access_code=CODE if with_code else None)
    takes = opens <= now < closes or (with_code and (expires is None or now < expires))
    if takes:
        [write] = found.decided(command, AMARA, now)
        assert write.what == "submitted"
        assert write.state.access == (None if opens <= now < closes else "late")  # type: ignore[attr-defined]
    else:
        with pytest.raises(Rejection) as refused:
            found.decided(command, AMARA, now)
        assert [error.field for error in refused.value.errors] == ["access_code" if with_code else "programme"]


@pytest.mark.parametrize("actor", [AMARA, PARTNER])
def test_without_a_code_a_closed_call_is_told_as_closed(actor: Actor) -> None:
    with pytest.raises(Rejection) as refused:
        known().decided(submit(), actor)
    assert refused.value.code is RejectionCode.CONFLICT
    assert "from 2026-11-22 to 2026-11-30" in refused.value.errors[0].allowed


def test_a_wrong_code_says_the_same_whether_codes_exist_have_expired_or_were_revoked() -> None:
    without, expired, revoked = known(), known(), known()
    expired.done(make(expires=(NOW + timedelta(hours=1)).isoformat()))
    revoked.done(make())
    revoked.done(RevokeAccessCode(programme="spring-2027", label="late"))
    later = NOW + timedelta(hours=2)
    told = {str(guess(each, submit(access_code=CODE), AMARA, later).reply()) for each in (without, expired, revoked)}
    assert len(told) == 1
    assert CODE not in told.pop()


def test_a_late_proposal_is_changed_without_the_code_for_as_long_as_the_code_counts() -> None:
    found = known()
    found.done(make())
    found.done(submit(access_code=CODE), AMARA)
    [changed] = found.done(submit(title="Another title"), AMARA)
    assert changed.state.access == "late"  # type: ignore[attr-defined]
    found.done(RevokeAccessCode(programme="spring-2027", label="late"))
    with pytest.raises(Rejection):
        found.decided(submit(title="A third title"), AMARA)


def test_after_so_many_wrong_codes_even_the_right_one_is_not_looked_at_for_an_hour() -> None:
    found = known()
    found.done(make())
    for number in range(MOST_WRONG):
        assert guess(found, submit(access_code=f"wrong-{number:03}"), AMARA).counted
    assert guess(found, submit(access_code=CODE), AMARA, NOW + timedelta(minutes=59)).counted == ()
    ben = submit(proposal="bens", presenters=["p-002"], access_code=CODE)
    assert found.decided(ben, BEN)
    assert found.decided(submit(access_code=CODE), AMARA, NOW + timedelta(hours=1))


def test_strangers_guesses_are_counted_together_and_lock_nobody_out_who_has_a_link() -> None:
    found = known()
    found.done(make())
    for number in range(MOST_WRONG_OF_STRANGERS):
        guess(found, begin(number, access_code=f"wrong-{number:03}"), ANYONE)
    assert guess(found, begin(99, access_code=CODE), ANYONE).counted == ()
    assert found.decided(submit(access_code=CODE), AMARA)


def test_the_organiser_needs_no_code() -> None:
    assert known().decided(submit(), ORGANISER)


def test_strangers_need_a_call_that_is_open() -> None:
    found = Known(community(), programme())
    with pytest.raises(Rejection) as refused:
        found.decided(begin(1), ANYONE)
    assert [error.field for error in refused.value.errors] == ["programme"]


def test_a_code_is_replaced_under_its_label_and_kept_as_a_digest() -> None:
    found = known()
    found.done(make())
    [write] = found.done(make(code="another-code"))
    assert [each.label for each in write.state.codes] == ["late"]  # type: ignore[attr-defined]
    assert "another-code" not in write.state.model_dump_json()
    guess(found, submit(access_code=CODE), AMARA)
    assert found.decided(submit(access_code="ANOTHER-code"), AMARA)


def test_the_same_code_again_is_no_write() -> None:
    found = known()
    found.done(make())
    assert found.decided(make(), ORGANISER, NOW + timedelta(days=1)) == []


def test_a_code_of_one_programme_opens_no_other() -> None:
    found = Known(
        community(),
        programme(call={"opens": OPENS, "closes": CLOSES}),
        programme(programme="autumn", call={"opens": OPENS, "closes": CLOSES}),
        contact("p-001"),
    )
    found.done(make())
    found.done(make(programme="autumn", code="of-autumn-only"))
    guess(found, submit(access_code="of-autumn-only"), AMARA)


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (make(programme="nowhere"), "programme"),
        (make(expires=NOW.isoformat()), "expires"),
        (RevokeAccessCode(programme="spring-2027", label="early"), "label"),
    ],
)
def test_codes_that_cannot_be_are_refused_by_field(command: Any, field: str) -> None:
    with pytest.raises(Rejection) as refused:
        known().decided(command)
    assert [error.field for error in refused.value.errors] == [field]

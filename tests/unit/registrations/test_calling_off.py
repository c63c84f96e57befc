"""Weekly series as they are proposed, and single dates that are called off."""

from __future__ import annotations

from typing import Any

import pytest
from known_facts import AMARA, BEN, ORGANISER, PARTNER, Known, community, contact, programme, proposal

from shared.contract.authority import Actor
from shared.contract.commands.calls import CallOffSession
from shared.contract.commands.registrations import SubmitProposal, WithdrawProposal
from shared.contract.facts.registrations import Proposal
from shared.contract.results import Rejection, RejectionCode

NAME = "retrieval-practice"
SECOND = f"{NAME}-part-2"


def known(**said: Any) -> Known:
    accepted = proposal(**({"status": "accepted", "parts": 3, "weekly": True} | said))
    return Known(community(), programme(), contact("p-001"), contact("p-002"), accepted)


def call_off(session: str = SECOND, *, off: bool = True) -> CallOffSession:
    return CallOffSession(proposal=NAME, session=session, off=off)


def submit(**said: Any) -> SubmitProposal:
    return SubmitProposal.model_validate(SubmitProposal.example | said)


def refusal(found: Known, command: Any, actor: Actor = ORGANISER) -> tuple[RejectionCode, str, str]:
    with pytest.raises(Rejection) as refused:
        found.decided(command, actor)
    [error] = refused.value.errors
    return refused.value.code, error.field, error.allowed


def changed(found: Known, command: Any, actor: Actor = ORGANISER) -> Proposal:
    [write] = found.done(command, actor)
    assert isinstance(write.state, Proposal)
    assert write.what == "accepted"
    return write.state


def test_weekly_needs_several_parts() -> None:
    code, field, allowed = refusal(known(), submit(weekly=True, proposal="another"))
    assert (code, field) == (RejectionCode.INVALID, "weekly")
    assert "2 to 12 parts" in allowed
    [write] = known().decided(submit(weekly=True, parts=6, proposal="another"), AMARA)
    assert isinstance(write.state, Proposal)
    assert write.state.is_series


@pytest.mark.parametrize("actor", [ORGANISER, AMARA])
def test_one_date_is_called_off_and_held_again(actor: Actor) -> None:
    found = known()
    assert changed(found, call_off(), actor).to_hold() == (f"{NAME}-part-1", f"{NAME}-part-3")
    assert found.decided(call_off(), actor) == []
    assert changed(found, call_off(off=False), actor).called_off == ()


def test_parts_that_are_no_series_are_called_off_alike() -> None:
    assert changed(known(weekly=False), call_off()).called_off == (SECOND,)


def test_it_is_for_those_who_present_it() -> None:
    assert refusal(known(), call_off(), BEN)[:2] == (RejectionCode.NOT_ALLOWED, "proposal")


def test_the_last_date_that_is_held_is_not_called_off() -> None:
    found = known(called_off=[SECOND, f"{NAME}-part-3"])
    code, field, allowed = refusal(found, call_off(f"{NAME}-part-1"))
    assert (code, field) == (RejectionCode.CONFLICT, "session")
    assert "proposal.withdraw" in allowed


@pytest.mark.parametrize("status", ["drafted", "submitted", "maybe", "withdrawn"])
def test_only_what_is_accepted_has_dates(status: str) -> None:
    assert refusal(known(status=status), call_off())[:2] == (RejectionCode.CONFLICT, "proposal")


def test_a_single_session_is_withdrawn_instead() -> None:
    code, field, allowed = refusal(known(parts=1, weekly=False), call_off(NAME))
    assert (code, field) == (RejectionCode.CONFLICT, "proposal")
    assert "proposal.withdraw" in allowed


def test_what_is_none_of_its_sessions_is_told_which_there_are() -> None:
    assert refusal(known(), call_off("drawing")) == (
        RejectionCode.UNKNOWN,
        "session",
        f"{NAME}-part-1, {NAME}-part-2, {NAME}-part-3",
    )


def test_changes_of_a_proposal_keep_what_is_called_off() -> None:
    found = known(called_off=[SECOND])
    assert changed(found, submit(parts=4, weekly=True)).called_off == (SECOND,)
    assert changed(found, submit(parts=4, weekly=True, title="Other words"), AMARA).called_off == (SECOND,)


def test_a_part_that_is_gone_is_called_off_no_more() -> None:
    found = known(called_off=[SECOND, f"{NAME}-part-3"])
    assert changed(found, submit(parts=2, weekly=True)).called_off == (SECOND,)


def test_a_proposal_does_not_shrink_to_what_is_called_off() -> None:
    found = known(parts=4, called_off=[f"{NAME}-part-1", SECOND])
    code, field, _ = refusal(found, submit(parts=2, weekly=True))
    assert (code, field) == (RejectionCode.CONFLICT, "parts")


def test_withdrawing_forgets_what_was_called_off() -> None:
    [write] = known(called_off=[SECOND]).decided(WithdrawProposal(proposal=NAME), ORGANISER)
    assert isinstance(write.state, Proposal)
    assert write.state.called_off == ()


def test_a_partner_calls_off_what_it_brought_itself() -> None:
    own, foreign = known(origin=PARTNER.name), known()
    assert changed(own, call_off(), PARTNER).called_off == (SECOND,)
    code, field, _ = refusal(foreign, call_off(), PARTNER)
    assert (code, field) == (RejectionCode.NOT_ALLOWED, "proposal")

"""Accepting proposals, one by one or together; keeping one as a maybe; what presenters then say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from known_facts import AMARA, BEN, NOW, ORGANISER, Known, community, contact, programme, proposal

from shared.contract.authority import Actor
from shared.contract.catalogue import CONFIRMATION, PROPOSAL
from shared.contract.commands.calls import AcceptProposals, ConfirmPart, ConsiderProposal, DeclinePart
from shared.contract.commands.registrations import AcceptProposal, SubmitProposal, WithdrawProposal
from shared.contract.facts.calls import Confirmation, Word
from shared.contract.facts.registrations import Proposal, ProposalStatus
from shared.contract.results import Rejection, RejectionCode

LATER = NOW + timedelta(days=3)
ACCEPT = AcceptProposal(proposal="retrieval-practice")


def known(*more: Any) -> Known:
    return Known(community(), programme(), contact("p-001"), contact("p-002"), *more)


def both(**other: Any) -> Proposal:
    return proposal(**{"status": "submitted", "presenters": ["p-001", "p-002"]} | other)


def word(answer: type[ConfirmPart] | type[DeclinePart], person: str) -> ConfirmPart | DeclinePart:
    return answer(proposal="retrieval-practice", person=person)


def refusal(found: Known, command: Any, actor: Actor = ORGANISER) -> tuple[RejectionCode, list[str]]:
    with pytest.raises(Rejection) as refused:
        found.decided(command, actor)
    return refused.value.code, [error.field for error in refused.value.errors]


def words(found: Known) -> dict[str, Confirmation]:
    return {ids[0]: each for ids, each in found.ledger().all(CONFIRMATION, Confirmation).items()}


def declined(found: Known) -> tuple[str, ...]:
    kept = found.ledger().get(PROPOSAL, Proposal, "retrieval-practice")
    assert kept is not None
    return kept.presenters_declined


@pytest.mark.parametrize("status", list(ProposalStatus))
def test_what_was_submitted_or_kept_as_a_maybe_is_accepted(status: ProposalStatus) -> None:
    found = known(both(status=status))
    if status in {ProposalStatus.SUBMITTED, ProposalStatus.MAYBE, ProposalStatus.ACCEPTED}:
        found.done(ACCEPT)
        assert {each.word for each in words(found).values()} == {Word.ASKED}
    else:
        assert refusal(found, ACCEPT) == (RejectionCode.CONFLICT, ["proposal"])


@pytest.mark.parametrize("status", list(ProposalStatus))
def test_only_a_submitted_proposal_becomes_a_maybe(status: ProposalStatus) -> None:
    found, consider = known(both(status=status)), ConsiderProposal(proposal="retrieval-practice")
    if status is ProposalStatus.SUBMITTED:
        assert [each.what for each in found.decided(consider)] == ["maybe"]
    elif status is ProposalStatus.MAYBE:
        assert found.decided(consider)[1:] == []
    else:
        assert refusal(found, consider) == (RejectionCode.CONFLICT, ["proposal"])


def test_accepting_and_asking_every_presenter_is_one_batch() -> None:
    writes = known(both()).decided(ACCEPT)
    assert [(each.ref.entity, each.what) for each in writes] == [
        ("proposal", "accepted"),
        ("confirmation", "asked"),
        ("confirmation", "asked"),
    ]


def test_presenters_who_have_said_yes_already_are_not_asked() -> None:
    found = known(both())
    found.done(AcceptProposal(proposal="retrieval-practice", ask=False))
    assert {each.word for each in words(found).values()} == {Word.CONFIRMED}
    assert found.decided(ACCEPT) == []


def test_presenters_of_proposals_that_were_accepted_before_anybody_was_asked_are_asked_by_accepting_again() -> None:
    found = known(both(status="accepted"))
    assert [each.what for each in found.done(ACCEPT)] == ["asked", "asked"]
    assert found.decided(ACCEPT) == []


def test_several_are_accepted_together_or_not_at_all() -> None:
    found = known(both(), both(proposal="other"), both(proposal="gone", status="withdrawn"))
    assert len(found.decided(AcceptProposals(proposals=("retrieval-practice", "other", "other")))) == 6
    mixed = AcceptProposals(proposals=("retrieval-practice", "gone", "nowhere"))
    assert refusal(found, mixed) == (RejectionCode.CONFLICT, ["proposals.1", "proposals.2"])


def test_as_many_are_accepted_together_as_one_batch_holds() -> None:
    crowd = [f"q-{number}" for number in range(20)]
    many = [both(proposal=f"x-{number}", presenters=crowd) for number in range(48)]
    found = known(*(contact(each) for each in crowd), *many)
    names = tuple(each.proposal for each in many)
    assert len(found.decided(AcceptProposals(proposals=names[:47]))) == 47 * 21
    assert refusal(found, AcceptProposals(proposals=names)) == (RejectionCode.INVALID, ["proposals"])


def test_a_presenter_confirms_and_may_change_their_mind_while_asked_stays_as_it_was() -> None:
    found = known(both())
    found.done(ACCEPT)
    for answer, said in ((ConfirmPart, Word.CONFIRMED), (DeclinePart, Word.DECLINED), (ConfirmPart, Word.CONFIRMED)):
        found.done(word(answer, "p-001"), AMARA, LATER)
        assert (words(found)["p-001"].word, words(found)["p-001"].asked) == (said, NOW)
        assert words(found)["p-001"].answered_at == LATER
        assert declined(found) == (("p-001",) if said is Word.DECLINED else ())
    assert words(found)["p-002"].word is Word.ASKED


def test_saying_it_again_is_no_write() -> None:
    found = known(both())
    found.done(ACCEPT)
    found.done(word(DeclinePart, "p-001"), AMARA)
    assert found.decided(word(DeclinePart, "p-001"), AMARA, LATER) == []


def test_a_decline_is_flagged_and_leaves_the_session_where_it_is() -> None:
    found = known(both())
    found.done(ACCEPT)
    writes = found.done(word(DeclinePart, "p-002"), BEN)
    assert [each.what for each in writes] == ["declined", "accepted"]
    assert declined(found) == ("p-002",)


@pytest.mark.parametrize("status", ["drafted", "submitted", "maybe", "withdrawn"])
def test_there_is_nothing_to_confirm_before_it_is_accepted_or_after_it_is_withdrawn(status: str) -> None:
    assert refusal(known(both(status=status)), word(ConfirmPart, "p-001"), AMARA) == (
        RejectionCode.CONFLICT,
        ["proposal"],
    )


def test_who_does_not_present_it_confirms_nothing() -> None:
    found = known(proposal(status="accepted"))
    assert refusal(found, word(ConfirmPart, "p-002"), BEN) == (RejectionCode.NOT_ALLOWED, ["proposal"])


def test_whoever_was_asked_long_ago_is_asked_anew_when_it_is_accepted_anew() -> None:
    found = known(both())
    submit = SubmitProposal.model_validate(SubmitProposal.example | {"presenters": ["p-001", "p-002"]})
    found.done(ACCEPT)
    found.done(word(DeclinePart, "p-001"), AMARA)
    found.done(WithdrawProposal(proposal="retrieval-practice"))
    found.done(submit)
    found.done(ACCEPT, now=LATER)
    assert {each.word for each in words(found).values()} == {Word.ASKED}
    assert {each.asked for each in words(found).values()} == {LATER}
    assert declined(found) == ()


def test_a_decliner_whom_the_organiser_replaces_is_flagged_no_longer() -> None:
    found = known(both())
    found.done(ACCEPT)
    found.done(word(DeclinePart, "p-002"), BEN)
    found.done(SubmitProposal.model_validate(SubmitProposal.example))
    assert declined(found) == ()

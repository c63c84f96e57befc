"""What may happen to a proposal, and who may have it happen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from known_facts import AMARA, BEN, NOW, ORGANISER, PARTNER, Known, community, contact, programme, proposal

from shared.contract.authority import Actor
from shared.contract.commands.registrations import (
    AcceptProposal,
    AnnounceProgramme,
    DraftProposal,
    SubmitProposal,
    WithdrawProposal,
)
from shared.contract.facts.registrations import Proposal, ProposalStatus
from shared.contract.results import Rejection, RejectionCode

OPENS, CLOSES = datetime(2026, 11, 2, 9, tzinfo=UTC), datetime(2026, 12, 18, 17, tzinfo=UTC)
ACCEPT = AcceptProposal(proposal="retrieval-practice")
WITHDRAW = WithdrawProposal(proposal="retrieval-practice")


def known(*more: Any, call: bool = False) -> Known:
    window = {"call": {"opens": OPENS, "closes": CLOSES}} if call else {}
    return Known(community(), programme(**window), contact("p-001"), contact("p-002"), *more)


def announce(**other: Any) -> AnnounceProgramme:
    return AnnounceProgramme.model_validate(AnnounceProgramme.example | other)


def submit(**other: Any) -> SubmitProposal:
    return SubmitProposal.model_validate(SubmitProposal.example | other)


def refusal(found: Known, command: Any, actor: Actor, now: datetime = NOW) -> tuple[RejectionCode, list[str]]:
    with pytest.raises(Rejection) as refused:
        found.decided(command, actor, now)
    return refused.value.code, [error.field for error in refused.value.errors]


def test_a_proposal_is_drafted_submitted_accepted_and_withdrawn() -> None:
    found = known()
    draft = DraftProposal.model_validate(DraftProposal.example)
    whats = [[write.what for write in found.done(command)] for command in (draft, submit(), ACCEPT, WITHDRAW)]
    assert whats == [["drafted"], ["submitted"], ["accepted", "asked"], ["withdrawn"]]


@pytest.mark.parametrize("status", ["drafted", "submitted", "withdrawn"])
def test_one_that_is_not_accepted_may_be_changed_by_who_presents_it(status: str) -> None:
    [write] = known(proposal(status=status)).decided(submit(title="Another title"), AMARA)
    assert isinstance(write.state, Proposal)
    assert (write.what, write.state.title, write.state.status) == ("submitted", "Another title", "submitted")


@pytest.mark.parametrize("command", [submit(presenters=["p-002"]), WITHDRAW])
def test_somebody_elses_proposal_stays_as_it_is(command: Any) -> None:
    assert refusal(known(proposal(status="submitted")), command, BEN) == (RejectionCode.NOT_ALLOWED, ["proposal"])


def test_every_presenter_may_withdraw_it() -> None:
    shared = proposal(status="accepted", presenters=["p-001", "p-002"])
    assert [write.what for write in known(shared).decided(WITHDRAW, BEN)] == ["withdrawn"]


@pytest.mark.parametrize("actor", [AMARA, PARTNER])
@pytest.mark.parametrize("now", [OPENS - timedelta(seconds=1), CLOSES, CLOSES + timedelta(days=9)])
def test_people_and_partners_propose_only_while_the_call_is_open(actor: Actor, now: datetime) -> None:
    assert refusal(known(call=True), submit(), actor, now) == (RejectionCode.CONFLICT, ["programme"])


@pytest.mark.parametrize("actor", [AMARA, PARTNER])
@pytest.mark.parametrize("now", [OPENS, CLOSES - timedelta(seconds=1)])
def test_the_call_is_open_from_its_first_instant_until_before_its_last(actor: Actor, now: datetime) -> None:
    assert known(call=True).decided(submit(), actor, now)


def test_the_organiser_proposes_at_any_time() -> None:
    assert known(call=True).decided(submit(), ORGANISER, CLOSES + timedelta(days=9))


def test_a_closed_call_keeps_nobody_from_withdrawing() -> None:
    assert known(proposal(status="accepted"), call=True).decided(WITHDRAW, AMARA, CLOSES)


def test_submitting_an_accepted_proposal_again_unchanged_changes_nothing() -> None:
    assert known(proposal(status="accepted")).decided(submit(), AMARA) == []


@pytest.mark.parametrize(
    "change", [{"tags": ["recall"]}, {"minutes": 45}, {"presenters": ["p-001", "p-002"]}, {"parts": 2}]
)
def test_an_accepted_proposal_is_not_changed_under_way(change: dict[str, Any]) -> None:
    found = known(proposal(status="accepted"))
    assert refusal(found, submit(**change), AMARA) == (RejectionCode.CONFLICT, ["proposal"])


@pytest.mark.parametrize("now", [NOW, CLOSES + timedelta(days=9)])
@pytest.mark.parametrize(
    "words", [{"title": "Another title"}, {"abstract": "More"}, {"kit": ["A pen"]}, {"recording": False}]
)
def test_words_and_kit_of_an_accepted_proposal_may_change_at_any_time(words: dict[str, Any], now: datetime) -> None:
    found = known(proposal(status="accepted"), call=True)
    [write] = found.decided(submit(**words), AMARA, now)
    assert isinstance(write.state, Proposal)
    assert write.state == proposal(status="accepted", **words)


def test_the_organiser_changes_all_of_an_accepted_proposal_and_newcomers_are_asked() -> None:
    found = known()
    found.done(submit())
    found.done(ACCEPT)
    writes = found.decided(submit(minutes=45, presenters=["p-002", "p-001"]))
    assert [(write.what, write.ref.ids) for write in writes] == [
        ("accepted", ("retrieval-practice",)),
        ("asked", ("p-002", "retrieval-practice")),
    ]


def test_what_a_programme_no_longer_offers_stays_as_long_as_it_was() -> None:
    found = known(proposal(status="accepted"))
    found.done(announce(formats=[{"format": "nano", "minutes": 2}]))
    [write] = found.decided(submit(title="Another title"), AMARA)
    assert isinstance(write.state, Proposal)
    assert (write.state.format, write.state.minutes) == ("workshop", 60)


def test_a_maybe_that_is_edited_stays_a_maybe() -> None:
    [write] = known(proposal(status="maybe")).decided(submit(title="Another title"), AMARA)
    assert (write.what, write.state.status) == ("maybe", "maybe")  # type: ignore[attr-defined]


def test_when_it_was_first_submitted_is_kept_and_a_withdrawn_one_is_submitted_anew() -> None:
    found = known()
    later, latest = NOW + timedelta(days=1), NOW + timedelta(days=2)
    found.done(submit())
    [changed] = found.done(submit(title="Another title"), now=later)
    found.done(WITHDRAW)
    [again] = found.done(submit(), now=latest)
    assert [changed.state.submitted_at, again.state.submitted_at] == [NOW, latest]  # type: ignore[attr-defined]


def test_saying_what_is_known_of_a_proposal_is_no_write() -> None:
    found = known()
    found.done(submit())
    assert found.decided(submit()) == []
    found.done(ACCEPT)
    assert found.decided(ACCEPT) == []
    found.done(WITHDRAW)
    assert found.decided(WITHDRAW) == []


@pytest.mark.parametrize("status", ["drafted", "withdrawn"])
def test_only_what_was_submitted_is_accepted(status: str) -> None:
    found = known(proposal(status=status))
    assert refusal(found, ACCEPT, ORGANISER) == (RejectionCode.CONFLICT, ["proposal"])


@pytest.mark.parametrize("command", [ACCEPT, WITHDRAW])
def test_a_proposal_that_nobody_made_is_unknown(command: Any) -> None:
    assert refusal(known(), command, ORGANISER) == (RejectionCode.UNKNOWN, ["proposal"])


def test_presenters_nobody_knows_are_named_by_their_places() -> None:
    command = submit(presenters=["p-008", "p-001", "p-009"])
    assert refusal(known(), command, ORGANISER) == (RejectionCode.UNKNOWN, ["presenters.0", "presenters.2"])


def test_a_programme_nobody_announced_is_unknown() -> None:
    assert refusal(known(), submit(programme="autumn"), ORGANISER) == (RejectionCode.UNKNOWN, ["programme"])


@pytest.mark.parametrize("gap", [(-1, 5), (9, 3), (0, 367)])
def test_days_between_parts_are_a_range(gap: tuple[int, int]) -> None:
    assert refusal(known(), submit(part_gap_days=gap), ORGANISER) == (RejectionCode.INVALID, ["part_gap_days"])


@pytest.mark.parametrize("command", [submit(), ACCEPT, WITHDRAW])
def test_nothing_is_decided_in_a_community_that_is_not_established(command: Any) -> None:
    assert refusal(Known(), command, ORGANISER) == (RejectionCode.UNKNOWN, ["community"])


def test_a_changed_proposal_keeps_the_commands_that_it_has_seen() -> None:
    found = known(proposal(status="submitted").model_copy(update={"applied": ("earlier",)}))
    write = found.decided(ACCEPT)[0]
    assert (write.state.applied, write.expected_seq) == (("earlier",), 5)
    assert isinstance(write.state, Proposal)
    assert write.state.status is ProposalStatus.ACCEPTED

"""Who was erased leaves what belongs to others: seats, proposals, texts."""

from __future__ import annotations

from services.registrations.privacy.mentions import WITHDRAWN_TITLE, is_withdrawn_for, mentions
from shared.bus.store import Write
from shared.contract.catalogue import PROPOSAL
from shared.contract.facts.registrations import Proposal, ProposalStatus, Seating
from shared.contract.message import Fact
from shared.contract.subjects import FactSubject
from shared.privacy.words import Words
from tests.unit.registrations.known_facts import Known, community, contact, proposal

NOBODY = Words(())
WORDS = Words.of(("Amara Osei", "p-001@hillside.example"))


def seating(*people: str, **other: object) -> Seating:
    return Seating.model_validate(Seating.example | {"people": people, **other})


def written(known: Known, words: Words = NOBODY) -> list[Write]:
    return list(mentions(known.facts, "northgate", {"p-001": words}))


def after(known: Known, words: Words = NOBODY) -> list[Fact]:
    """What is written, once it is stored; then nothing is left to write."""
    writes = written(known, words)
    for seq, write in enumerate(writes, start=100):
        known.facts.apply(FactSubject(write.ref, write.what), write.state, seq)
    assert written(known, words) == []
    return [write.state for write in writes]


def test_seats_waiting_and_offers_of_the_person_are_gone_and_those_of_others_stay() -> None:
    pool = {"pool": "in-person", "since": "2026-12-01T09:00:00Z"}
    line = [{"person": each, **pool} for each in ("p-001", "p-003")]
    offers = [{**each, "offered_at": pool["since"], "expires": "2026-12-02T09:00:00Z"} for each in line]
    [left] = after(
        Known(seating("p-001", "p-002", online=["p-001"], waiting=line, offers=offers, presenters_declined=["p-001"]))
    )
    assert isinstance(left, Seating)
    assert left.people == ("p-002",)
    assert left.online == left.presenters_declined == ()
    assert [each.person for each in left.waiting] == ["p-003"]
    assert [each.person for each in left.offers] == ["p-003"]


def test_a_proposal_that_they_present_with_others_loses_them_and_their_name() -> None:
    words = {"title": "Amara Osei draws", "abstract": "Write to p-001@hillside.example."}
    [left] = after(Known(proposal(presenters=["p-001", "p-002"], **words)), WORDS)
    assert isinstance(left, Proposal)
    assert (left.presenters, left.title) == (("p-002",), "[erased] draws")
    assert left.abstract == "Write to [erased]."
    assert left.status is ProposalStatus.ACCEPTED


def test_a_proposal_that_they_present_alone_is_withdrawn_and_says_nothing_any_more() -> None:
    known = Known(proposal(presenters=["p-001"], abstract="How to draw", tags=["drawing"], parts=2))
    [left] = after(known)
    assert isinstance(left, Proposal)
    assert (left.status, left.title, left.abstract, left.tags) == (ProposalStatus.WITHDRAWN, WITHDRAWN_TITLE, "", ())
    assert left.sessions() == proposal(parts=2).sessions()
    assert is_withdrawn_for(known.facts.get(PROPOSAL.ref("northgate", left.proposal)), "p-001")


def test_what_does_not_name_them_is_not_written() -> None:
    assert written(Known(seating("p-002"), proposal(presenters=["p-002"]), contact("p-002")), WORDS) == []


def test_an_id_that_only_begins_like_theirs_is_somebody_elses() -> None:
    assert written(Known(seating("p-0011"), proposal(presenters=["p-0012"]))) == []


def test_a_word_that_is_no_whole_name_changes_nothing_of_others() -> None:
    known = Known(proposal(presenters=["p-002"], title="What the workshop saw"))
    for name in ("Workshop", "the", "p-002", "retrieval"):
        assert written(known, Words.of((name,))) == []


def test_a_text_at_its_limit_loses_a_short_name() -> None:
    [left] = after(Known(proposal(presenters=["p-002"], title=f"Al Bo {'x' * 194}")), Words.of(("Al Bo",)))
    assert isinstance(left, Proposal)
    assert left.title == f"… {'x' * 194}"


def test_what_cannot_do_without_their_words_keeps_them_and_stops_nobody_elses_erasing() -> None:
    """A community may take somebody's address for its mailbox after they were registered."""
    mailbox = community(mailbox="p-001@hillside.example")
    [left] = after(Known(mailbox, proposal(presenters=["p-002"], title="Amara Osei draws")), WORDS)
    assert isinstance(left, Proposal)
    assert left.title == "[erased] draws"

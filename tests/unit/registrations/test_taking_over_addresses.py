"""An address that a stranger gave keeps nobody from being registered with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.registrations.decisions.externals import with_person
from services.registrations.decisions.table import decide
from services.registrations.decisions.taking_over import MOST_TAKEN_OVER
from services.registrations.privacy.answering import erasures
from services.registrations.privacy.mentions import mentions
from shared.bus.store import Write
from shared.contract.authority import Actor, ActorKind
from shared.contract.catalogue import (
    COMMUNITY,
    CONFIRMATION,
    CONTACT,
    ERASED,
    PERSON_KEY,
    PERSON_SEATS,
    PROPOSAL,
    SEATING,
)
from shared.contract.commands.calls import BeginProposal, InvitePresenter
from shared.contract.commands.privacy import ErasePerson
from shared.contract.commands.registrations import AcceptProposal, PersonRow, RegisterPerson, SubmitProposal
from shared.contract.externals import TO_BE_FOUND
from shared.contract.facts.calls import Confirmation, Word
from shared.contract.facts.privacy import Erased
from shared.contract.facts.registrations import Contact, PersonKey, Proposal, ProposalStatus, Seating
from shared.contract.facts.seats import HeldSeat, PersonSeats
from shared.contract.results import Rejection, RejectionCode
from shared.contract.subjects import FactSubject
from shared.privacy.words import Words
from tests.unit.registrations.known_facts import (
    AMARA,
    KEYS,
    NOW,
    ORGANISER,
    PARTNER,
    Known,
    community,
    contact,
    programme,
    proposal,
)

ANYONE = Actor(ActorKind.ANYONE)
ADDRESS = "cleo@lakeside.example"
LATER = NOW + timedelta(days=2)
START = NOW + timedelta(days=30)


class Northgate(Known):
    """A programme whose call is open, for which a stranger has begun a proposal."""

    def __init__(self, *more: Any) -> None:
        call = {"opens": NOW - timedelta(days=9), "closes": NOW + timedelta(days=9)}
        super().__init__(community(), programme(call=call), *more)
        self.draft = self.begun("Quizzes")
        (self.stranger,) = self.draft.presenters

    def begun(self, title: str) -> Proposal:
        command = BeginProposal.model_validate(BeginProposal.example | {"title": title, "address": ADDRESS})
        (draft,) = (each.state for each in self.done(command, ANYONE) if isinstance(each.state, Proposal))
        return draft

    def now_is(self, id: str) -> Proposal:
        found = self.facts.state(PROPOSAL, Proposal, "northgate", id)
        assert found is not None
        return found

    def registered(self, person: str = "p-007", actor: Actor = ORGANISER) -> list[Write]:
        return self.done(register(person), actor, LATER)

    def keep(self, kind: Any, state: Any, what: str | None = None) -> None:
        ref = kind.ref("northgate", *(str(getattr(state, name)) for name in kind.ids))
        self._store(FactSubject(ref, what or kind.whats[0]), state)


def register(person: str = "p-007", **other: Any) -> RegisterPerson:
    fields = {"person": person, "name": "Cleo Adu", "address": ADDRESS, "school": "Lakeside School"}
    return RegisterPerson.model_validate(fields | other)


def submitted(of: Proposal, **other: Any) -> SubmitProposal:
    fields = {name: getattr(of, name) for name in SubmitProposal.model_fields if name != "access_code"}
    return SubmitProposal.model_validate(fields | other)


def by_entity(writes: list[Write]) -> dict[str, Write]:
    return {f"{each.ref.entity}.{each.what}": each for each in writes}


@pytest.mark.parametrize("actor", [ORGANISER, PARTNER])
def test_whoever_is_registered_with_it_has_the_address_and_the_draft_and_the_stranger_is_gone(actor: Actor) -> None:
    northgate = Northgate()
    writes = northgate.registered(actor=actor)
    found = by_entity(writes)
    assert [*found] == [
        "contact.registered",
        "affiliation.stated",
        "contact.erased",
        "erasure.begun",
        "proposal.drafted",
        "person-key.claimed",
    ]
    assert found["contact.erased"].state == Erased(person=northgate.stranger, at=LATER, successor="p-007")
    assert northgate.now_is(northgate.draft.proposal).presenters == ("p-007",)
    key = northgate.facts.state(PERSON_KEY, PersonKey, "northgate", KEYS.digest("northgate", ADDRESS))
    assert key == PersonKey(person="p-007")
    assert northgate.facts.state(CONTACT, Contact, "northgate", northgate.stranger) is None
    who = northgate.facts.state(CONTACT, Contact, "northgate", "p-007")
    assert who is not None
    assert who.verified


def test_each_of_these_facts_is_guarded_by_what_it_was() -> None:
    northgate = Northgate()
    before = {each.ref: each.seq for each in northgate_facts(northgate)}
    for write in northgate.decided(register(), ORGANISER, LATER):
        assert write.expected_seq == before.get(write.ref, 0)


def northgate_facts(northgate: Northgate) -> list[Any]:
    kinds = (PERSON_KEY, CONTACT, PROPOSAL)
    return [each for kind in kinds for each in northgate.facts.all(kind, "northgate").values()]


def test_a_new_link_goes_to_the_address_because_those_that_were_mailed_are_the_strangers() -> None:
    northgate = Northgate()
    northgate.registered()
    taken = northgate.now_is(northgate.draft.proposal)
    assert (taken.link_wanted, taken.links_wanted) == (LATER, 2)
    assert taken.begun_at == northgate.draft.begun_at


def test_what_they_begin_next_is_the_registered_persons() -> None:
    northgate = Northgate()
    northgate.registered()
    assert northgate.begun("Another").presenters == ("p-007",)


def test_who_has_acted_by_their_link_keeps_the_address() -> None:
    northgate = Northgate()
    northgate.done(submitted(northgate.draft), Actor(ActorKind.PERSON, northgate.stranger))
    for actor in (ORGANISER, PARTNER):
        with pytest.raises(Rejection) as refused:
            northgate.decided(register(), actor)
        assert [each.field for each in refused.value.errors] == ["address"]


def test_nobody_takes_an_address_by_saying_of_themselves_that_it_is_theirs() -> None:
    northgate = Northgate(contact("p-001"))
    with pytest.raises(Rejection) as refused:
        northgate.decided(register("p-001"), AMARA)
    assert refused.value.code is RejectionCode.CONFLICT


def test_somebody_known_who_is_registered_with_it_as_a_new_address_takes_over_too() -> None:
    northgate = Northgate(contact("p-001"))
    northgate.registered("p-001")
    assert northgate.now_is(northgate.draft.proposal).presenters == ("p-001",)


def test_a_row_without_an_id_of_the_organisers_is_the_stranger_who_is_known_from_then_on() -> None:
    northgate = Northgate()
    row = PersonRow.model_validate({"name": "Cleo Adu", "address": ADDRESS, "school": "Lakeside School"})
    assert with_person(northgate.ledger(), row, ORGANISER, KEYS, "c-1").person == northgate.stranger
    northgate.done(register(northgate.stranger))
    who = northgate.facts.state(CONTACT, Contact, "northgate", northgate.stranger)
    assert who is not None
    assert (who.verified, who.name) == (True, "Cleo Adu")


@pytest.mark.parametrize("external", [None, "staff-12"])
@pytest.mark.parametrize("linking", [(), ("timetables",)])
def test_a_partners_person_takes_over_whoever_the_partner_names_them_by(
    external: str | None, linking: tuple[str, ...]
) -> None:
    northgate = Northgate()
    northgate.keep(COMMUNITY, community(linking_partners=linking))
    ledger = northgate.ledger(LATER)
    named = with_person(ledger, register(TO_BE_FOUND, external_id=external), PARTNER, KEYS, "c-1")
    assert named.person not in {TO_BE_FOUND, northgate.stranger}
    decide(ledger, named, PARTNER, KEYS)
    (draft,) = (each.state for each in ledger.writes if isinstance(each.state, Proposal))
    assert draft.presenters == (named.person,)


def test_a_co_presenter_named_by_address_is_taken_over_and_nobody_presents_twice() -> None:
    northgate = Northgate(contact("p-001"), contact("p-007"), proposal(status="submitted", presenters=["p-001"]))
    northgate.done(InvitePresenter.model_validate(InvitePresenter.example | {"address": ADDRESS}), AMARA)
    assert northgate.stranger in northgate.now_is("retrieval-practice").presenters
    northgate.registered()
    taken = northgate.now_is("retrieval-practice")
    assert (taken.presenters, taken.link_wanted) == (("p-001", "p-007"), None)


def test_of_an_accepted_proposal_they_are_asked_anew_unless_their_word_is_known() -> None:
    northgate = Northgate()
    other = northgate.begun("Another")
    for draft, ask in ((northgate.draft, True), (other, False)):
        northgate.done(submitted(draft))
        northgate.done(AcceptProposal(proposal=draft.proposal, ask=ask))
    northgate.registered()
    said = {
        ids[1]: each
        for ids, each in northgate.facts.states(CONFIRMATION, Confirmation, "northgate", person="p-007").items()
    }
    asked, known = said[northgate.draft.proposal], said[other.proposal]
    assert (asked.word, asked.asked) == (Word.ASKED, LATER)
    assert (known.word, known.asked) == (Word.CONFIRMED, NOW)


def seat(session: str, hour: int = 0, **other: Any) -> HeldSeat:
    fields = {"session": session, "programme": "spring-2027", "start": START + timedelta(hours=hour), "minutes": 60}
    return HeldSeat.model_validate(fields | {"since": NOW, "presents": True} | other)


def seated(northgate: Northgate, session: str, *people: str, **other: Any) -> None:
    fields = {"session": session, "proposal": session, "people": people} | other
    northgate.keep(SEATING, Seating.model_validate(Seating.example | fields))


def test_their_seats_and_places_in_line_go_with_them() -> None:
    northgate = Northgate()
    stranger = northgate.stranger
    northgate.keep(PERSON_SEATS, PersonSeats(person=stranger, seats=(seat("quizzes"),)))
    seated(northgate, "quizzes", "p-001", stranger, online=[stranger])
    seated(northgate, "drawing", "p-001", waiting=[{"person": stranger, "since": NOW}])
    northgate.registered()
    after = northgate.facts.states(SEATING, Seating, "northgate")
    assert (after["quizzes",].people, after["quizzes",].online) == (("p-001", "p-007"), ("p-007",))
    assert [each.person for each in after["drawing",].waiting] == ["p-007"]
    held = northgate.facts.state(PERSON_SEATS, PersonSeats, "northgate", "p-007")
    assert held is not None
    assert held.seats == (seat("quizzes"),)


def test_a_seat_at_a_time_at_which_they_have_another_comes_back() -> None:
    northgate = Northgate()
    stranger = northgate.stranger
    northgate.keep(PERSON_SEATS, PersonSeats(person=stranger, seats=(seat("quizzes"),)))
    northgate.keep(PERSON_SEATS, PersonSeats(person="p-007", seats=(seat("singing"),)))
    seated(northgate, "quizzes", stranger)
    seated(northgate, "singing", "p-007")
    northgate.registered()
    after = northgate.facts.states(SEATING, Seating, "northgate")
    assert (after["quizzes",].people, after["singing",].people) == ((), ("p-007",))


def test_who_presents_at_the_time_of_a_seat_of_theirs_gives_that_seat_up() -> None:
    northgate = Northgate()
    stranger = northgate.stranger
    northgate.keep(PERSON_SEATS, PersonSeats(person=stranger, seats=(seat("quizzes"),)))
    northgate.keep(PERSON_SEATS, PersonSeats(person="p-007", seats=(seat("singing", presents=False),)))
    seated(northgate, "quizzes", stranger)
    seated(northgate, "singing", "p-001", "p-007")
    northgate.registered()
    after = northgate.facts.states(SEATING, Seating, "northgate")
    assert (after["quizzes",].people, after["singing",].people) == (("p-007",), ("p-001",))
    held = northgate.facts.state(PERSON_SEATS, PersonSeats, "northgate", "p-007")
    assert held is not None
    assert held.seats == (seat("quizzes"),)


def test_two_strangers_with_a_seat_in_one_session_are_taken_over_by_one_file() -> None:
    northgate = Northgate(contact("p-001"), proposal(status="submitted", presenters=["p-001"]))
    other = {"name": "Dee Roe", "address": "dee@lakeside.example"}
    northgate.done(InvitePresenter.model_validate(InvitePresenter.example | other), AMARA)
    _, second = northgate.now_is("retrieval-practice").presenters
    for each in (northgate.stranger, second):
        northgate.keep(PERSON_SEATS, PersonSeats(person=each, seats=(seat("quizzes"),)))
    seated(northgate, "quizzes", "p-001", northgate.stranger, second)
    ledger = northgate.ledger(LATER)
    decide(ledger, register("p-007"), ORGANISER, KEYS)
    decide(ledger, register("p-008", **other), ORGANISER, KEYS)
    seatings = [each.state for each in ledger.writes if isinstance(each.state, Seating)]
    assert seatings[-1].people == ("p-001", "p-007", "p-008")


def test_a_partner_takes_over_nobody_whose_proposal_is_more_than_a_draft() -> None:
    northgate = Northgate()
    northgate.done(submitted(northgate.draft))
    with pytest.raises(Rejection, match="belongs to another person"):
        northgate.registered(actor=PARTNER)
    assert northgate.registered()


def test_who_is_gone_by_one_row_of_a_file_does_not_come_back_by_the_next() -> None:
    northgate = Northgate()
    ledger = northgate.ledger(LATER)
    decide(ledger, register("p-007"), ORGANISER, KEYS)
    with pytest.raises(Rejection, match="was erased"):
        decide(ledger, register(northgate.stranger, address="other@lakeside.example"), ORGANISER, KEYS)


def test_the_list_of_the_erased_tells_who_took_their_place_while_that_one_is_here() -> None:
    northgate = Northgate()
    northgate.registered()
    (told,) = erasures(northgate.facts, "northgate").people
    assert (told.person, told.successor) == (northgate.stranger, "p-007")
    northgate.done(ErasePerson(person="p-007"), ORGANISER, LATER)
    assert {each.successor for each in erasures(northgate.facts, "northgate").people} == {None}


def test_what_was_begun_in_the_same_moment_is_theirs_once_the_stranger_is_erased() -> None:
    northgate = Northgate()
    northgate.registered()
    late = proposal(proposal="late", title="Late", status="drafted", presenters=[northgate.stranger])
    northgate.keep(PROPOSAL, late, ProposalStatus.DRAFTED)
    people = {northgate.stranger: Words(())}
    (write,) = mentions(northgate.facts, "northgate", people)
    assert isinstance(write.state, Proposal)
    assert (write.state.presenters, write.state.title, write.what) == (("p-007",), "Late", "drafted")


def test_more_than_one_batch_takes_is_left_to_the_erasure() -> None:
    northgate = Northgate()
    for number in range(MOST_TAKEN_OVER + 5):
        each = proposal(proposal=f"more-{number}", status="drafted", presenters=[northgate.stranger])
        northgate.keep(PROPOSAL, each, ProposalStatus.DRAFTED)
    taken = [each for each in northgate.registered() if each.ref.entity == PROPOSAL.entity]
    assert len(taken) == MOST_TAKEN_OVER
    left = list(mentions(northgate.facts, "northgate", {northgate.stranger: Words(())}))
    assert len(left) == 6
    assert {each.state.presenters for each in left if isinstance(each.state, Proposal)} == {("p-007",)}


def test_of_two_rows_of_one_file_with_that_address_the_second_is_refused() -> None:
    northgate = Northgate()
    ledger = northgate.ledger(LATER)
    decide(ledger, register("p-007"), ORGANISER, KEYS)
    with pytest.raises(Rejection) as refused:
        decide(ledger, register("p-008"), ORGANISER, KEYS)
    assert [each.field for each in refused.value.errors] == ["address"]
    assert [each.what for each in ledger.writes].count(ERASED) == 1

"""Proposals of people without an account: who gets a draft and a link, and how often."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from known_facts import AMARA, BEN, KEYS, NOW, ORGANISER, Known, community, contact, programme, proposal

from services.registrations.decisions.beginning import MOST_BEGUN, MOST_DRAFTS
from shared.bus.store import Write
from shared.contract.authority import Actor, ActorKind
from shared.contract.catalogue import PERSON_KEY
from shared.contract.commands.calls import BeginProposal, InvitePresenter
from shared.contract.commands.privacy import ErasePerson
from shared.contract.commands.registrations import AcceptProposal, RegisterPerson, SubmitProposal
from shared.contract.facts.registrations import Contact, Proposal
from shared.contract.results import Rejection, RejectionCode
from shared.contract.subjects import FactSubject

ANYONE = Actor(ActorKind.ANYONE)
OPENS, CLOSES = NOW - timedelta(days=9), NOW + timedelta(days=9)
DAY = timedelta(days=1)


def known(*more: Any, **other: Any) -> Known:
    found = Known(community(), programme(call={"opens": OPENS, "closes": CLOSES}, **other), *more)
    found.done(register("p-001", "amara@hillside.example"))
    return found


def register(person: str, address: str) -> RegisterPerson:
    return RegisterPerson(person=person, name="Amara Osei", address=address, school="Hillside School")


def begin(title: str = "Quizzes", address: str = "cleo@lakeside.example", **other: Any) -> BeginProposal:
    return BeginProposal.model_validate(BeginProposal.example | {"title": title, "address": address} | other)


def invite(**other: Any) -> InvitePresenter:
    return InvitePresenter.model_validate(InvitePresenter.example | other)


def refusal(found: Known, command: Any, actor: Actor, now: datetime = NOW) -> tuple[RejectionCode, list[str]]:
    with pytest.raises(Rejection) as refused:
        found.decided(command, actor, now)
    return refused.value.code, [error.field for error in refused.value.errors]


def draft_of(writes: list[Write]) -> Proposal:
    (draft,) = (each.state for each in writes if isinstance(each.state, Proposal))
    return draft


def test_a_stranger_becomes_a_person_who_has_not_shown_yet_that_the_address_is_theirs() -> None:
    found = known()
    writes = found.done(begin(school="Lakeside School", language="de"), ANYONE)
    assert [each.what for each in writes] == ["claimed", "registered", "stated", "drafted"]
    (who,) = (each.state for each in writes if isinstance(each.state, Contact))
    assert (who.verified, who.language, who.zone) == (False, "de", "Europe/London")
    draft = draft_of(writes)
    assert (draft.presenters, draft.begun_at, draft.link_wanted) == ((who.person,), NOW, NOW)


def test_whoever_acts_through_their_link_has_shown_it() -> None:
    found = known()
    draft = draft_of(found.done(begin(), ANYONE))
    command = SubmitProposal.model_validate(
        {**SubmitProposal.example, "proposal": draft.proposal} | {"presenters": draft.presenters}
    )
    writes = found.done(command, Actor(ActorKind.PERSON, draft.presenters[0]))
    assert [each.what for each in writes] == ["submitted", "verified"]
    assert draft_of(writes).begun_at == NOW


def test_a_known_address_is_its_owners_and_what_the_stranger_says_of_them_changes_nothing() -> None:
    writes = known().decided(begin(address="Amara@Hillside.example", name="Somebody Else", school="Elsewhere"), ANYONE)
    assert [each.what for each in writes] == ["drafted"]
    assert draft_of(writes).presenters == ("p-001",)


def test_more_drafts_for_one_address_are_answered_alike_and_do_nothing_until_the_next_day() -> None:
    found = known()
    for number in range(MOST_DRAFTS):
        assert found.done(begin(f"Title {number}"), ANYONE)
    assert found.decided(begin("One more"), ANYONE, NOW + DAY - timedelta(seconds=1)) == []
    assert found.decided(begin("One more", "ben@lakeside.example"), ANYONE)
    assert found.decided(begin("One more"), ANYONE, NOW + DAY)


def test_two_who_begin_at_one_moment_for_one_person_collide_so_that_the_bound_holds() -> None:
    found = known()
    one, other = (found.decided(begin(title, "amara@hillside.example"), ANYONE) for title in ("One", "Other"))
    assert [each.ref for each in one] == [each.ref for each in other]
    assert [each.expected_seq for each in one] == [0]


def test_two_who_begin_with_one_new_address_collide_on_its_key() -> None:
    found = known()
    key = PERSON_KEY.ref("northgate", KEYS.digest("northgate", "cleo@lakeside.example"))
    for title in ("One", "Other"):
        assert (key, 0) in {(each.ref, each.expected_seq) for each in found.decided(begin(title), ANYONE)}


def test_an_address_whose_person_is_not_seen_here_yet_is_theirs_already() -> None:
    found = known()
    (key, *_) = found.decided(begin(), ANYONE)
    found.facts.apply(FactSubject(key.ref, key.what), key.state, found.facts.last_seq("registrations") + 1)
    [write] = found.decided(begin(), ANYONE)
    assert draft_of([write]).presenters == (key.state.person,)  # type: ignore[attr-defined]


def test_who_was_erased_comes_back_as_somebody_new() -> None:
    found = known()
    found.done(ErasePerson(person="p-001"))
    writes = found.decided(begin(address="amara@hillside.example"), ANYONE)
    assert draft_of(writes).presenters != ("p-001",)


def test_the_same_title_again_asks_for_the_link_after_waits_that_grow() -> None:
    found = known()
    found.done(begin(), ANYONE)
    asked, now = [NOW], NOW
    while now < NOW + DAY:
        now += timedelta(minutes=5)
        if writes := found.done(begin("QUIZZES"), ANYONE, now):
            assert draft_of(writes).link_wanted == now
            asked.append(now)
    waits = [later - earlier for earlier, later in pairwise(asked)]
    assert waits == [timedelta(minutes=15 * 2**number) for number in range(6)]


def test_a_withdrawn_proposal_of_that_title_is_begun_anew() -> None:
    found = known(proposal(status="withdrawn", title="Quizzes"))
    assert found.decided(begin(address="amara@hillside.example"), ANYONE)[0].what == "drafted"


def test_a_programme_takes_only_so_many_an_hour_and_says_so_to_everybody_alike() -> None:
    found = known()
    seq = found.facts.last_seq("registrations")
    for number in range(MOST_BEGUN):
        write = found.decided(begin(address=f"a{number}@lakeside.example"), ANYONE)[-1]
        found.facts.apply(FactSubject(write.ref, write.what), write.state, seq + number + 1)
    for address in ("amara@hillside.example", "nobody@lakeside.example"):
        assert refusal(found, begin(address=address), ANYONE) == (RejectionCode.CONFLICT, ["programme"])
    assert found.decided(begin(), ANYONE, NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        (begin(address="sessions@northgate.example"), ["address"]),
        (begin(programme="autumn"), ["programme"]),
        (begin(format="gala"), ["format"]),
        (begin(format="micro", minutes=60), ["minutes"]),
    ],
)
def test_what_cannot_be_begun_is_told_by_field(command: BeginProposal, fields: list[str]) -> None:
    found = known(formats=[{"format": "workshop", "minutes": 60}, {"format": "micro", "minutes": 7}])
    assert refusal(found, command, ANYONE)[1] == fields


def test_a_presenter_named_by_address_joins_and_is_registered_once() -> None:
    found = known(proposal(status="submitted"))
    first = found.done(invite(address="cleo@lakeside.example"), AMARA)
    assert [each.what for each in first] == ["claimed", "registered", "submitted"]
    assert len(draft_of(first).presenters) == 2
    assert found.decided(invite(address="CLEO@lakeside.example"), AMARA) == []


def test_who_does_not_present_it_names_no_presenters() -> None:
    found = known(proposal(status="submitted"), contact("p-002"))
    assert refusal(found, invite(), BEN) == (RejectionCode.NOT_ALLOWED, ["proposal"])


def test_presenters_of_an_accepted_proposal_are_the_organisers_to_name_and_are_asked_at_once() -> None:
    found = known(proposal(status="submitted"))
    found.done(AcceptProposal(proposal="retrieval-practice"))
    assert refusal(found, invite(), AMARA) == (RejectionCode.CONFLICT, ["proposal"])
    writes = found.decided(invite(), ORGANISER)
    assert [each.what for each in writes] == ["claimed", "registered", "accepted", "asked"]

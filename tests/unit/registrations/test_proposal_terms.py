"""What a proposal may say: formats and lengths, times, and what comes before it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from known_facts import AMARA, ORGANISER, Known, community, contact, programme, proposal

from shared.contract.commands.registrations import SubmitProposal
from shared.contract.facts.registrations import Proposal
from shared.contract.results import Rejection, RejectionCode

FORMATS = [{"format": "nano", "minutes": 2}, {"format": "micro", "minutes": 7}, {"format": "soapbox", "minutes": 15}]


def known(*more: Any, **other: Any) -> Known:
    return Known(community(), programme(**other), contact("p-001"), *more)


def submit(**other: Any) -> SubmitProposal:
    return SubmitProposal.model_validate(SubmitProposal.example | other)


def kept(found: Known, command: SubmitProposal) -> Proposal:
    (write,) = found.decided(command, AMARA)
    assert isinstance(write.state, Proposal)
    return write.state


def refusal(found: Known, command: SubmitProposal) -> Rejection:
    with pytest.raises(Rejection) as refused:
        found.decided(command, ORGANISER)
    return refused.value


def window(answer: str) -> dict[str, str]:
    return {"kind": "dated", "answer": answer, "start": "2027-01-12T09:00:00Z", "end": "2027-01-12T10:00:00Z"}


@pytest.mark.parametrize(("format", "minutes"), [("nano", 2), ("micro", 7), ("soapbox", 15)])
def test_a_proposal_is_as_long_as_its_format_unless_it_is_shorter(format: str, minutes: int) -> None:
    found = known(formats=FORMATS)
    assert kept(found, submit(format=format, minutes=None)).minutes == minutes
    assert kept(found, submit(format=format, minutes=1)).minutes == 1
    (error,) = refusal(found, submit(format=format, minutes=minutes + 1)).errors
    assert (error.field, error.allowed.split(",")[0]) == ("minutes", f"at most {minutes}")


def test_a_format_that_the_programme_does_not_have_is_refused_with_those_that_it_has() -> None:
    (error,) = refusal(known(formats=FORMATS), submit()).errors
    assert (error.field, error.allowed) == ("format", "nano (2 minutes), micro (7 minutes), soapbox (15 minutes)")


def test_without_formats_any_will_do_and_the_length_is_stated() -> None:
    assert kept(known(), submit(format="gala", minutes=33)).minutes == 33
    assert [error.field for error in refusal(known(), submit(minutes=None)).errors] == ["minutes"]


def test_times_say_what_their_field_says() -> None:
    wrong = submit(preferred=[window("yes"), window("no")], impossible=[window("if-need-be")])
    assert [error.field for error in refusal(known(), wrong).errors] == ["preferred.1.answer", "impossible.0.answer"]
    right = kept(known(), submit(preferred=[window("yes")], impossible=[window("no")]))
    assert (len(right.preferred), len(right.impossible)) == (1, 1)


def test_all_that_people_say_of_a_proposal_is_kept() -> None:
    said = {
        "kit": ["A phone", "Scissors"],
        "recording": False,
        "audience": ["primary", "new-teachers"],
        "tags": ["recall"],
        "prerequisites": ["basics"],
    }
    found = known(proposal(proposal="basics", status="submitted"))
    stored = kept(found, submit(**said)).model_dump(mode="json")
    assert {name: stored[name] for name in said} == said


def test_prerequisites_are_other_proposals_of_the_programme() -> None:
    elsewhere = proposal(proposal="elsewhere", programme="autumn", status="submitted")
    command = submit(prerequisites=["retrieval-practice", "nowhere", "elsewhere", "basics"])
    refused = refusal(known(elsewhere, proposal(proposal="basics", status="submitted")), command)
    assert refused.code is RejectionCode.INVALID
    assert [error.field for error in refused.errors] == ["prerequisites.0", "prerequisites.1", "prerequisites.2"]


@given(edges=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12))
def test_whatever_order_is_asked_for_no_circle_is_ever_stored(edges: list[tuple[int, int]]) -> None:
    names = [f"x-{number}" for number in range(6)]
    found = known(*(proposal(proposal=name, status="submitted") for name in names))
    before: dict[str, set[str]] = {name: set() for name in names}
    for later, earlier in edges:
        wanted = before[names[later]] | {names[earlier]}
        try:
            found.done(submit(proposal=names[later], prerequisites=sorted(wanted)))
        except Rejection:
            assert _reaches(before, names[earlier], names[later])
        else:
            assert not _reaches(before, names[earlier], names[later])
            before[names[later]] = wanted


def _reaches(before: dict[str, set[str]], start: str, goal: str) -> bool:
    return start == goal or any(_reaches(before, each, goal) for each in before[start])

"""What people and other systems say: availability, source by source, and interest."""

from __future__ import annotations

from typing import Any

import pytest
from known_facts import AMARA, NOW, ORGANISER, PARTNER, Known, community, contact, programme, proposal

from services.registrations.decisions.statements import replace_windows
from shared.contract.authority import Actor
from shared.contract.catalogue import AVAILABILITY
from shared.contract.commands.registrations import StateAvailability, StateInterest
from shared.contract.facts.registrations import Availability
from shared.contract.results import Rejection, RejectionCode
from shared.contract.values import Answer, DatedWindow, InterestLevel

WINDOW = DatedWindow.model_validate({"answer": "no", "start": "2027-01-12T09:00:00Z", "end": "2027-01-12T10:00:00Z"})
MAYBE = WINDOW.model_copy(update={"answer": Answer.IF_NEED_BE})


def known() -> Known:
    return Known(community(), programme(), contact(), proposal())


def state(*windows: DatedWindow, source: str = "self") -> StateAvailability:
    return StateAvailability(person="p-001", source=source, windows=windows)


def sources(found: Known) -> dict[str, tuple[Any, ...]]:
    stated = found.facts.state(AVAILABILITY, Availability, "northgate", "p-001")
    return {each.source: each.windows for each in stated.sources} if stated is not None else {}


def test_each_source_has_its_own_word_and_replaces_only_that() -> None:
    found = known()
    found.done(state(WINDOW), AMARA)
    found.done(state(MAYBE, source="cloudpages"), AMARA)
    found.done(state(WINDOW, MAYBE), PARTNER)
    assert sources(found) == {"self": (WINDOW,), "cloudpages": (MAYBE,), "timetables": (WINDOW, MAYBE)}
    found.done(state(MAYBE), AMARA)
    assert sources(found) == {"self": (MAYBE,), "cloudpages": (MAYBE,), "timetables": (WINDOW, MAYBE)}


@pytest.mark.parametrize("stated", ["self", "rooms"])
def test_a_partner_speaks_under_its_own_name_whatever_it_says(stated: str) -> None:
    found = known()
    found.done(state(WINDOW, source=stated), PARTNER)
    assert set(sources(found)) == {"timetables"}


def test_who_says_nothing_more_is_free_again() -> None:
    found = known()
    found.done(state(WINDOW), AMARA)
    found.done(state(), AMARA)
    assert sources(found) == {"self": ()}


@pytest.mark.parametrize("actor", [AMARA, PARTNER, ORGANISER])
def test_saying_the_same_again_is_no_write(actor: Actor) -> None:
    found = known()
    found.done(state(WINDOW), actor)
    assert found.decided(state(WINDOW), actor) == []


def test_the_order_in_which_sources_speak_does_not_matter() -> None:
    one, other = known(), known()
    one.done(state(WINDOW), AMARA)
    one.done(state(MAYBE), PARTNER)
    other.done(state(MAYBE), PARTNER)
    other.done(state(WINDOW), AMARA)
    assert sources(one) == sources(other)
    assert list(sources(one)) == list(sources(other))


def test_two_sources_of_one_person_in_one_ledger_both_count() -> None:
    ledger = known().ledger(NOW)
    for source in ("self", "cloudpages"):
        replace_windows(ledger, "p-001", source, (WINDOW,))
    last = ledger.get(AVAILABILITY, Availability, "p-001")
    assert last is not None
    assert [each.source for each in last.sources] == ["cloudpages", "self"]


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (StateAvailability(person="p-404"), "person"),
        (StateInterest(person="p-404", session="retrieval-practice", level=InterestLevel.COMING), "person"),
        (StateInterest(person="p-001", session="nothing", level=InterestLevel.COMING), "session"),
    ],
)
def test_nobody_speaks_of_what_is_unknown(command: Any, field: str) -> None:
    with pytest.raises(Rejection) as refused:
        known().decided(command)
    assert refused.value.code is RejectionCode.UNKNOWN
    assert [error.field for error in refused.value.errors] == [field]


def test_interest_changes_and_the_same_interest_again_is_no_write() -> None:
    found = known()
    for level in InterestLevel:
        said = StateInterest(person="p-001", session="retrieval-practice", level=level)
        assert len(found.done(said)) == 1
        assert found.done(said) == []

"""A person's own page: by signed link only, and the same refusal for every link that does not work."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from running_desk import JOIN, Desk

from shared.bus.connection import Bus
from shared.contract.facts.registrations import Contact
from teachmeet.local.processes import Child
from tests.written_facts import publish

Link = Callable[..., str]


@pytest.mark.usefixtures("northgate", "registrations")
async def test_a_person_sees_their_sessions_by_their_own_clocks_with_the_way_in(desk: Desk, link: Link) -> None:
    shown = await desk.get(link("p-002"))
    assert shown.status_code == 200
    for words in ("Ben Ito", "Retrieval practice", "19:30", "In Europe/London", "15:30", JOIN, "You present"):
        assert words in shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert shown.headers["x-robots-tag"] == "noindex"


@pytest.mark.usefixtures("northgate", "registrations")
async def test_every_link_that_does_not_work_is_refused_alike(desk: Desk, link: Link, provision_bus: Bus) -> None:
    good = link("p-001")
    assert (await desk.get(good)).status_code == 200
    body, mac = good.split(".")
    bad = [
        "/me/x",
        "/me/" + "x" * 3000,
        f"{body}x.{mac}",
        f"{body}.{mac[:-2]}AA",
        link("p-001", days=-1),
        link("p-001", generation=2),
        link("p-404"),
    ]
    answers = [await desk.get(each) for each in bad]
    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.text for answer in answers}) == 1
    assert "ask the organisers" in answers[0].text
    assert all(answer.headers["cache-control"] == "no-store" for answer in answers)

    await publish(provision_bus, Contact.model_validate(Contact.example | {"link_generation": 2}))
    await desk.until(good, lambda answer: answer.status_code == 403)
    await desk.until(link("p-001", generation=2), lambda answer: answer.status_code == 200)


@pytest.mark.usefixtures("northgate")
async def test_without_registrations_the_reader_is_asked_to_come_back(desk: Desk, link: Link) -> None:
    answer = await desk.reader.get(link("p-002"))
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "try again" in answer.text
    assert (await desk.get("/me/x")).status_code == 403


@pytest.mark.usefixtures("northgate")
async def test_tokens_are_never_logged(desk: Desk, link: Link, registrations: Child) -> None:
    good, expired = link("p-001"), link("p-001", days=-1)
    assert (await desk.get(good)).status_code == 200
    assert (await desk.get(expired)).status_code == 403
    await desk.child.stop()
    assert "/me/" not in desk.log()
    assert not any(token.removeprefix("/me/") in desk.log() for token in (good, expired))

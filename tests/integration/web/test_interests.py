"""What a person would like to come to, by their own link."""

from __future__ import annotations

from collections.abc import Callable

from mailed_links import post
from running_desk import Desk

from shared.bus.client import Requester
from shared.bus.connection import Bus
from shared.contract.catalogue import INTEREST
from shared.contract.commands.intake import AskProposal, ProposalShown
from shared.contract.facts.registrations import Interest, Proposal
from shared.contract.results import Rejection, RejectionCode
from shared.contract.subjects import Service
from shared.contract.values import InterestLevel
from tests.processes import eventually
from tests.written_facts import history, publish

Link = Callable[..., str]


async def stated(bus: Bus) -> list[tuple[str, str]]:
    return [
        (state.session, state.level) for _, state in await history(bus, INTEREST, Interest) if state.person == "p-002"
    ]


async def known(organiser: Requester, proposal: str) -> None:
    """Return when registrations has read of that proposal; the front desk may have been quicker."""

    async def is_known() -> bool:
        try:
            await organiser.ask(Service.REGISTRATIONS, AskProposal(proposal=proposal), ProposalShown)
        except Rejection as rejection:
            if rejection.code is not RejectionCode.UNKNOWN:
                raise
            return False
        return True

    await eventually(is_known)


async def test_answers_are_kept_shown_again_and_only_changes_are_written(
    desk: Desk, organiser: Requester, provision_bus: Bus, link: Link
) -> None:
    other = {"proposal": "maps", "title": "Maps <without> words", "presenters": ["p-002"]}
    draft = {"proposal": "draft", "title": "Not accepted", "status": "submitted"}
    mine = {"proposal": "mine", "title": "My own", "presenters": ["p-002", "p-001"]}
    await publish(
        provision_bus,
        *(
            Proposal.model_validate(Proposal.example | each)
            for each in ({}, other | {"presenters": ["p-001"]}, draft, mine)
        ),
    )
    address = f"{link('p-002')}/interests"
    shown = await desk.until(
        address, lambda each: "Maps &lt;without&gt; words" in each.text and "Retrieval practice" in each.text
    )
    for each in ("retrieval-practice", "maps"):
        await known(organiser, each)
    assert "Not accepted" not in shown.text
    assert "My own" not in shown.text
    answers = {
        "level-maps": "not-me",
        "level-retrieval-practice": "coming",
        "level-nothing": "coming",
        "level-..>": "coming",
    }
    page = await post(desk, address, **answers)
    assert 'id="maps-not-me" name="level-maps" value="not-me" checked' in page
    assert sorted(await stated(provision_bus)) == [("maps", "not-me"), ("retrieval-practice", "coming")]
    await post(desk, address, **(answers | {"level-maps": "interested", "level-retrieval-practice": "often"}))
    assert (await stated(provision_bus))[2:] == [("maps", InterestLevel.INTERESTED)]
    assert (await desk.get("/me/x/interests")).status_code == 403

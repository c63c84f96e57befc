"""Calls on a real broker: a programme from a template, proposals without an account, presenters' words."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest

from shared.bus.client import Requester
from shared.bus.connection import Bus, connect
from shared.contract.authority import person_actor
from shared.contract.catalogue import CONFIRMATION, CONTACT, PROPOSAL, FactKind
from shared.contract.commands.calls import (
    AcceptProposals,
    AccessCodesShown,
    AskAccessCodes,
    AskProposals,
    AskTemplates,
    BeginProposal,
    ConfirmPart,
    CreateProgramme,
    DeclinePart,
    InvitePresenter,
    MakeAccessCode,
    Noted,
    Proposals,
    ProposalSaved,
    RevokeAccessCode,
    Templates,
)
from shared.contract.commands.registrations import AcceptProposal, SubmitProposal, WithdrawProposal
from shared.contract.details import Call
from shared.contract.facts.calls import Confirmation, Word
from shared.contract.facts.registrations import Contact, Proposal, ProposalStatus
from shared.contract.results import Rejection, RejectionCode
from shared.contract.subjects import Service
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from tests.processes import eventually, serving
from tests.written_facts import history

ADDRESS = "cleo.adu@lakeside.example"


@pytest.fixture
async def web(broker: Broker, organiser: Requester) -> AsyncIterator[Bus]:
    async with connect(broker.settings("web")) as bus:
        yield bus


def anyone(web: Bus) -> Requester:
    return Requester(web, "northgate", patience=120.0)


def person(web: Bus, name: str) -> Requester:
    return Requester(web, "northgate", person_actor(name), patience=120.0)


async def last(bus: Bus, kind: FactKind, model: type[Any]) -> dict[tuple[str, ...], Any]:
    """The last facts of that kind, read from the broker."""
    return {tuple(getattr(state, name) for name in kind.ids): state for _, state in await history(bus, kind, model)}


async def evening(organiser: Requester, *, is_open: bool = True) -> str:
    """A TeachMeet whose call is open, or is over."""
    now = organiser.bus.clock.now()
    opens, closes = (now - timedelta(days=2), now + timedelta(days=2)) if is_open else (now - timedelta(days=9), now)
    await organiser.command(
        Service.REGISTRATIONS,
        CreateProgramme(
            template="teachmeet-evening",
            programme="teachmeet",
            title="TeachMeet",
            first_day=date(2027, 3, 11),
            call=Call(opens=opens, closes=closes),
        ),
    )
    return "teachmeet"


def beginning(**other: Any) -> BeginProposal:
    stated = {"programme": "teachmeet", "name": "Cleo Adu", "address": ADDRESS, "title": "Quizzes", "format": "micro"}
    return BeginProposal.model_validate(stated | other)


async def begin(web: Bus, **other: Any) -> Noted:
    return await anyone(web).ask(Service.REGISTRATIONS, beginning(**other), Noted)


def submitted(proposal: Proposal, **other: Any) -> SubmitProposal:
    fields = {name: getattr(proposal, name) for name in SubmitProposal.model_fields if name != "access_code"}
    return SubmitProposal.model_validate(fields | other)


async def test_a_programme_is_made_from_a_template_and_unknown_templates_name_those_that_there_are(
    organiser: Requester,
) -> None:
    shown = await organiser.ask(Service.REGISTRATIONS, AskTemplates(), Templates)
    names = {each.template for each in shown.templates}
    assert names == {"light-lunch-term", "teachmeet-evening", "unconference-day", "workshop-series"}
    command = CreateProgramme(template="gala", programme="gala", title="Gala", first_day=date(2027, 3, 11))
    with pytest.raises(Rejection) as refused:
        await organiser.command(Service.REGISTRATIONS, command)
    (error,) = refused.value.errors
    assert (error.field, error.allowed) == ("template", ", ".join(sorted(names)))


async def test_a_stranger_begins_a_proposal_and_submits_it_through_their_link(
    organiser: Requester, web: Bus, provision_bus: Bus
) -> None:
    await evening(organiser)
    noted = await begin(web)
    assert noted.model_dump() == {"status": "accepted"}
    (draft,) = (await last(provision_bus, PROPOSAL, Proposal)).values()
    assert (draft.status, draft.minutes, draft.begun_at) == (ProposalStatus.DRAFTED, 7, draft.link_wanted)
    (who,) = draft.presenters
    assert not (await last(provision_bus, CONTACT, Contact))[(who,)].verified
    saved = await person(web, who).ask(Service.REGISTRATIONS, submitted(draft, abstract="Ten questions"), ProposalSaved)
    assert saved.similar == ()
    (kept,) = (await last(provision_bus, PROPOSAL, Proposal)).values()
    assert (kept.status, kept.abstract, kept.begun_at) == (ProposalStatus.SUBMITTED, "Ten questions", draft.begun_at)
    assert (await last(provision_bus, CONTACT, Contact))[(who,)].verified


async def test_nobody_learns_from_the_answer_whether_an_address_is_known(
    organiser: Requester, web: Bus, provision_bus: Bus
) -> None:
    await evening(organiser)
    known, unknown = await begin(web, address="p-001@hillside.example"), await begin(web)
    assert known == unknown
    contacts = await last(provision_bus, CONTACT, Contact)
    assert contacts[("p-001",)].name == "Amara Osei"
    presenters = {each.presenters[0] for each in (await last(provision_bus, PROPOSAL, Proposal)).values()}
    assert "p-001" in presenters


async def test_many_who_begin_with_one_address_at_once_make_one_person_and_three_drafts(
    organiser: Requester, web: Bus, provision_bus: Bus
) -> None:
    await evening(organiser)
    before = await last(provision_bus, CONTACT, Contact)
    await asyncio.gather(*(begin(web, title=f"Title {number}") for number in range(24)))
    after = await last(provision_bus, CONTACT, Contact)
    assert len(after) == len(before) + 1
    assert len(await last(provision_bus, PROPOSAL, Proposal)) == 3


async def test_two_services_hold_the_bounds_of_one_address_together(
    broker: Broker, folder: DataFolder, organiser: Requester, web: Bus, provision_bus: Bus
) -> None:
    await evening(organiser)

    async def followers() -> Counter[str]:
        """How many follow which facts; whoever only reads them once has no heartbeat."""
        found = await provision_bus.js.consumers_info("REGISTRATIONS")
        return Counter(str(each.config.filter_subject) for each in found if each.config.idle_heartbeat)

    async def both_follow() -> bool:
        found = await followers()
        return all(found[each] >= 2 for each in of_one)

    of_one = await followers()
    async with serving("registrations", broker, folder, TEACHMEET_PEOPLE_KEY_FILE=str(folder.people_key)):
        await eventually(both_follow, within=120.0)
        await asyncio.gather(*(begin(web, title=f"Title {number}") for number in range(24)))
    contacts = (await last(provision_bus, CONTACT, Contact)).values()
    assert len([each for each in contacts if each.address == ADDRESS]) == 1
    assert len(await last(provision_bus, PROPOSAL, Proposal)) == 3


async def test_beginning_the_same_again_at_once_asks_for_no_second_link(
    organiser: Requester, web: Bus, provision_bus: Bus
) -> None:
    await evening(organiser)
    await asyncio.gather(*(begin(web) for _ in range(12)))
    (draft,) = (await last(provision_bus, PROPOSAL, Proposal)).values()
    assert draft.links_wanted == 1


async def test_a_wrong_code_opens_nothing_and_guessing_is_over_soon(
    organiser: Requester, web: Bus, provision_bus: Bus
) -> None:
    programme = await evening(organiser, is_open=False)
    await organiser.command(
        Service.REGISTRATIONS, MakeAccessCode(programme=programme, label="late", code="k7qd-93mz-x2vb")
    )
    submission = SubmitProposal.model_validate(
        SubmitProposal.example | {"programme": programme, "format": "nano", "minutes": None}
    )
    amara = person(web, "p-001")

    async def refusal(code: str | None) -> Rejection:
        with pytest.raises(Rejection) as refused:
            await amara.command(Service.REGISTRATIONS, submission.model_copy(update={"access_code": code}))
        return refused.value

    assert [error.field for error in (await refusal(None)).errors] == ["programme"]
    wrong = await asyncio.gather(*(refusal(f"guess-{number:04}") for number in range(12)))
    assert {error.field for each in wrong for error in each.errors} == {"access_code"}
    assert len({str(each) for each in wrong}) == 1
    late = await refusal("k7qd-93mz-x2vb")
    assert str(late) == str(wrong[0])
    # Ben has not guessed, and codes are read without regard to case.
    ben = submission.model_copy(update={"presenters": ("p-002",), "access_code": "K7QD-93MZ-X2VB"})
    await person(web, "p-002").command(Service.REGISTRATIONS, ben)
    (kept,) = (await last(provision_bus, PROPOSAL, Proposal)).values()
    assert kept.access == "late"


async def test_a_revoked_code_opens_nothing(organiser: Requester, web: Bus) -> None:
    programme = await evening(organiser, is_open=False)
    code = MakeAccessCode(programme=programme, label="late", code="k7qd-93mz-x2vb")
    await organiser.command(Service.REGISTRATIONS, code)
    shown = await organiser.ask(Service.REGISTRATIONS, AskAccessCodes(programme=programme), AccessCodesShown)
    assert [each.label for each in shown.codes] == ["late"]
    await organiser.command(Service.REGISTRATIONS, RevokeAccessCode(programme=programme, label="late"))
    with pytest.raises(Rejection) as refused:
        await begin(web, access_code="k7qd-93mz-x2vb")
    assert [error.field for error in refused.value.errors] == ["access_code"]


async def test_no_fact_shows_an_access_code(organiser: Requester, provision_bus: Bus) -> None:
    programme = await evening(organiser)
    await organiser.command(
        Service.REGISTRATIONS, MakeAccessCode(programme=programme, label="late", code="k7qd-93mz-x2vb")
    )
    messages = (await provision_bus.js.stream_info("REGISTRATIONS")).state.last_seq
    stored = [await provision_bus.js.get_msg("REGISTRATIONS", seq=seq) for seq in range(1, messages + 1)]
    assert not any(b"k7qd" in (each.data or b"") for each in stored)


async def test_a_proposal_that_looks_like_one_that_is_there_is_taken_with_a_warning(
    organiser: Requester, web: Bus
) -> None:
    first = SubmitProposal.model_validate(SubmitProposal.example)
    await organiser.command(Service.REGISTRATIONS, first)
    second = first.model_copy(
        update={"proposal": "again", "title": "Ten minutes of retrieval practice", "presenters": ("p-002",)}
    )
    bens = await person(web, "p-002").ask(Service.REGISTRATIONS, second, ProposalSaved)
    assert [(each.proposal, each.title) for each in bens.similar] == [(None, None)]
    organisers = await organiser.ask(Service.REGISTRATIONS, second, ProposalSaved)
    assert [each.proposal for each in organisers.similar] == ["retrieval-practice"]


async def test_presenters_are_asked_and_the_organiser_sees_who_has_not_confirmed(
    organiser: Requester, web: Bus, provision_bus: Bus
) -> None:
    command = SubmitProposal.model_validate(SubmitProposal.example | {"presenters": ["p-001", "p-002"]})
    await organiser.command(Service.REGISTRATIONS, command)
    await organiser.command(Service.REGISTRATIONS, AcceptProposals(proposals=(command.proposal,)))

    async def words() -> dict[str, Word | None]:
        question = AskProposals(programme=command.programme, unconfirmed=True)
        listed = await organiser.ask(Service.REGISTRATIONS, question, Proposals)
        return {who.person: who.word for each in listed.proposals for who in each.presenters}

    assert await words() == {"p-001": Word.ASKED, "p-002": Word.ASKED}
    await person(web, "p-001").command(Service.REGISTRATIONS, ConfirmPart(proposal=command.proposal, person="p-001"))
    await person(web, "p-002").command(Service.REGISTRATIONS, DeclinePart(proposal=command.proposal, person="p-002"))
    assert await words() == {"p-001": Word.CONFIRMED, "p-002": Word.DECLINED}
    (proposal,) = (await last(provision_bus, PROPOSAL, Proposal)).values()
    assert proposal.presenters_declined == ("p-002",)
    await person(web, "p-002").command(Service.REGISTRATIONS, ConfirmPart(proposal=command.proposal, person="p-002"))
    assert await words() == {}


async def test_nobody_confirms_for_somebody_else(organiser: Requester, web: Bus) -> None:
    await organiser.command(Service.REGISTRATIONS, SubmitProposal.model_validate(SubmitProposal.example))
    await organiser.command(Service.REGISTRATIONS, AcceptProposal(proposal="retrieval-practice"))
    with pytest.raises(Rejection) as refused:
        await person(web, "p-002").command(
            Service.REGISTRATIONS, ConfirmPart(proposal="retrieval-practice", person="p-001")
        )
    assert refused.value.code is RejectionCode.NOT_ALLOWED


async def test_accepting_several_is_all_or_nothing(organiser: Requester, provision_bus: Bus) -> None:
    command = SubmitProposal.model_validate(SubmitProposal.example)
    for name in ("a", "b", "c"):
        await organiser.command(Service.REGISTRATIONS, command.model_copy(update={"proposal": name, "title": name * 9}))
    await organiser.command(Service.REGISTRATIONS, WithdrawProposal(proposal="b"))
    with pytest.raises(Rejection) as refused:
        await organiser.command(Service.REGISTRATIONS, AcceptProposals(proposals=("a", "b", "c", "d")))
    assert [error.field for error in refused.value.errors] == ["proposals.1", "proposals.3"]
    statuses = {each.status for each in (await last(provision_bus, PROPOSAL, Proposal)).values()}
    assert ProposalStatus.ACCEPTED not in statuses
    await organiser.command(Service.REGISTRATIONS, AcceptProposals(proposals=("a", "c")), id="together")
    again = await organiser.command(Service.REGISTRATIONS, AcceptProposals(proposals=("a", "c")), id="together")
    assert again.repeated
    assert len(await last(provision_bus, CONFIRMATION, Confirmation)) == 2


async def test_a_co_presenter_is_named_by_address_and_asked_once_it_is_accepted(
    organiser: Requester, web: Bus, provision_bus: Bus
) -> None:
    await organiser.command(Service.REGISTRATIONS, SubmitProposal.model_validate(SubmitProposal.example))
    invitation = InvitePresenter(proposal="retrieval-practice", name="Cleo Adu", address=ADDRESS)
    for _ in range(2):
        await person(web, "p-001").ask(Service.REGISTRATIONS, invitation, Noted)
    assert await last(provision_bus, CONFIRMATION, Confirmation) == {}
    await organiser.command(Service.REGISTRATIONS, AcceptProposal(proposal="retrieval-practice"))
    asked = await last(provision_bus, CONFIRMATION, Confirmation)
    assert len(asked) == 2
    assert {each.word for each in asked.values()} == {Word.ASKED}

"""Which decision belongs to which command, and which entity a command is about."""

from __future__ import annotations

from services.registrations.decisions import (
    accepting,
    access,
    beginning,
    calendars,
    calling_off,
    confirmations,
    erasures,
    externals,
    programmes,
    proposals,
    rooms,
    statements,
)
from services.registrations.decisions.ledger import Ledger
from services.registrations.decisions.people import AddressKey
from services.registrations.decisions.seat_commands import SeatCommand, decide_on_seats, target_of_seats
from services.registrations.programme_templates import shipped_templates
from shared.contract.authority import Actor
from shared.contract.catalogue import (
    ACCESS_CODE,
    AVAILABILITY,
    COMMUNITY,
    CONFIRMATION,
    CONTACT,
    INTEREST,
    PROGRAMME,
    PROPOSAL,
    ROOM,
)
from shared.contract.commands import calls
from shared.contract.commands import registrations as commands
from shared.contract.commands.privacy import ErasePerson
from shared.contract.facts.registrations import Community, ProposalStatus
from shared.contract.message import Command
from shared.contract.subjects import EntityRef


def decide(ledger: Ledger, command: Command, actor: Actor, keys: AddressKey) -> None:
    """Collect in ``ledger`` what the command changes. Raises Rejection."""
    if isinstance(command, commands.EstablishCommunity):
        programmes.establish(ledger, command)
        return
    ledger.require(COMMUNITY, Community, "community", ledger.community)
    match command:
        case commands.AnnounceProgramme():
            programmes.announce(ledger, command)
        case commands.AddRoom():
            rooms.add_room(ledger, command, actor)
        case commands.WithdrawRoom():
            rooms.withdraw_room(ledger, command, actor)
        case commands.RegisterPerson():
            externals.register_named(ledger, command, actor, keys)
        case commands.StateAvailability():
            statements.state_availability(ledger, command, actor)
        case commands.StateInterest():
            statements.state_interest(ledger, command)
        case _ if isinstance(command, SeatCommand):
            decide_on_seats(ledger, command, actor)
        case ErasePerson():
            erasures.erase(ledger, command, actor)
            return
        case _:
            _decide_on_proposal(ledger, command, actor, keys)
    beginning.verify(ledger, actor)


def _decide_on_proposal(ledger: Ledger, command: Command, actor: Actor, keys: AddressKey) -> None:
    match command:
        case commands.SubmitProposal():
            proposals.save(ledger, command, actor, ProposalStatus.SUBMITTED, keys)
        case commands.DraftProposal():
            proposals.save(ledger, command, actor, ProposalStatus.DRAFTED, keys)
        case commands.AcceptProposal():
            accepting.accept(ledger, command)
        case commands.WithdrawProposal():
            proposals.withdraw(ledger, command, actor)
        case _:
            _decide_on_call(ledger, command, actor, keys)


def _decide_on_call(ledger: Ledger, command: Command, actor: Actor, keys: AddressKey) -> None:
    match command:
        case calls.CreateProgramme():
            programmes.create(ledger, command, shipped_templates())
        case calls.AcceptProposals():
            accepting.accept_together(ledger, command)
        case calls.ConsiderProposal():
            accepting.consider(ledger, command)
        case calls.CallOffSession():
            calling_off.call_off(ledger, command, actor)
        case calls.ConfirmPart() | calls.DeclinePart():
            confirmations.answer(ledger, command)
        case calls.BeginProposal():
            beginning.begin(ledger, command, actor, keys)
        case calls.InvitePresenter():
            beginning.invite(ledger, command, actor, keys)
        case calls.MakeAccessCode():
            access.make_code(ledger, command, keys)
        case calls.RevokeAccessCode():
            access.revoke_code(ledger, command)
        case _:
            calendars.decide_on_calendar(ledger, command, actor)


def target(community: str, command: Command) -> EntityRef:
    """The entity that a command is about: where it is looked for among those applied before."""
    match command:
        case commands.EstablishCommunity():
            return COMMUNITY.ref(community, community)
        case commands.AnnounceProgramme():
            return PROGRAMME.ref(community, command.programme)
        case commands.AddRoom() | commands.WithdrawRoom():
            return ROOM.ref(community, command.room)
        case commands.RegisterPerson() | ErasePerson():
            return CONTACT.ref(community, command.person)
        case _ if isinstance(command, SeatCommand):
            return target_of_seats(community, command)
        case commands.StateAvailability():
            return AVAILABILITY.ref(community, command.person)
        case commands.StateInterest():
            return INTEREST.ref(community, command.person, command.session)
        case commands.DraftProposal() | commands.AcceptProposal() | commands.WithdrawProposal():
            return PROPOSAL.ref(community, command.proposal)
    return _target_of_call(community, command)


def _target_of_call(community: str, command: Command) -> EntityRef:
    match command:
        case calls.ConsiderProposal() | calls.CallOffSession() | calls.InvitePresenter():
            return PROPOSAL.ref(community, command.proposal)
        case calls.AcceptProposals():
            return PROPOSAL.ref(community, command.proposals[0])
        case calls.ConfirmPart() | calls.DeclinePart():
            return CONFIRMATION.ref(community, command.person, command.proposal)
        case calls.BeginProposal() | calls.CreateProgramme():
            return PROGRAMME.ref(community, command.programme)
        case calls.MakeAccessCode() | calls.RevokeAccessCode():
            return ACCESS_CODE.ref(community, command.programme)
    return calendars.target_of_calendar(community, command)

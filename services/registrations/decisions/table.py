"""Which decision belongs to which command, and which entity a command is about."""

from __future__ import annotations

from services.registrations.decisions import managers, people, programmes, proposals, statements
from services.registrations.decisions.ledger import Ledger
from services.registrations.decisions.people import AddressKey
from shared.contract.authority import Actor
from shared.contract.catalogue import AVAILABILITY, COMMUNITY, CONTACT, INTEREST, MANAGER, PROGRAMME, PROPOSAL, ROOM
from shared.contract.commands import registrations as commands
from shared.contract.commands.digests import AppointManager
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
            programmes.add_room(ledger, command, actor)
        case commands.WithdrawRoom():
            programmes.withdraw_room(ledger, command, actor)
        case commands.RegisterPerson():
            people.register(ledger, command, actor, keys)
        case commands.StateAvailability():
            statements.state_availability(ledger, command, actor)
        case commands.StateInterest():
            statements.state_interest(ledger, command)
        case AppointManager():
            managers.appoint(ledger, command)
        case _:
            _decide_on_proposal(ledger, command, actor)


def _decide_on_proposal(ledger: Ledger, command: Command, actor: Actor) -> None:
    match command:
        case commands.SubmitProposal():
            proposals.save(ledger, command, actor, ProposalStatus.SUBMITTED)
        case commands.DraftProposal():
            proposals.save(ledger, command, actor, ProposalStatus.DRAFTED)
        case commands.AcceptProposal():
            proposals.accept(ledger, command)
        case commands.WithdrawProposal():
            proposals.withdraw(ledger, command, actor)
        case _:
            raise TypeError(f"no decision for {type(command).__name__}")


def target(community: str, command: Command) -> EntityRef:
    """The entity that a command is about: where it is looked for among those applied before."""
    match command:
        case commands.EstablishCommunity():
            return COMMUNITY.ref(community, community)
        case commands.AnnounceProgramme():
            return PROGRAMME.ref(community, command.programme)
        case commands.AddRoom() | commands.WithdrawRoom():
            return ROOM.ref(community, command.room)
        case commands.RegisterPerson():
            return CONTACT.ref(community, command.person)
        case AppointManager():
            return MANAGER.ref(community, command.person)
        case commands.StateAvailability():
            return AVAILABILITY.ref(community, command.person)
        case commands.StateInterest():
            return INTEREST.ref(community, command.person, command.session)
        case commands.DraftProposal() | commands.AcceptProposal() | commands.WithdrawProposal():
            return PROPOSAL.ref(community, command.proposal)
    raise TypeError(f"no entity for {type(command).__name__}")

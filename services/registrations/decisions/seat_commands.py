"""Which decision belongs to which command about seats, enrolment and managers, and which entity it is about."""

from __future__ import annotations

from services.registrations.decisions import enrolment, managers, seats
from services.registrations.decisions.ledger import Ledger
from shared.contract.authority import Actor
from shared.contract.catalogue import ENROLMENT, ENROLMENT_RULE, MANAGER, SEATING
from shared.contract.commands.digests import AppointManager
from shared.contract.commands.enrolment import LeaveEnrolment, RemoveEnrolmentRule, SetEnrolmentRule
from shared.contract.commands.seats import AcceptSeat, DeclineSeat, ReleaseSeat, TakeSeat
from shared.contract.subjects import EntityRef

SeatCommand = (
    TakeSeat
    | ReleaseSeat
    | AcceptSeat
    | DeclineSeat
    | SetEnrolmentRule
    | RemoveEnrolmentRule
    | LeaveEnrolment
    | AppointManager
)


def decide_on_seats(ledger: Ledger, command: SeatCommand, actor: Actor) -> None:
    """Collect in ``ledger`` what the command changes. Raises Rejection."""
    match command:
        case TakeSeat():
            seats.take(ledger, command, actor)
        case ReleaseSeat():
            seats.release(ledger, command, actor)
        case AcceptSeat():
            seats.accept(ledger, command)
        case DeclineSeat():
            seats.decline(ledger, command)
        case SetEnrolmentRule():
            enrolment.set_rule(ledger, command)
        case RemoveEnrolmentRule():
            enrolment.remove_rule(ledger, command)
        case LeaveEnrolment():
            enrolment.leave(ledger, command)
        case AppointManager():
            managers.appoint(ledger, command)


def target_of_seats(community: str, command: SeatCommand) -> EntityRef:
    """The entity that the command is about."""
    match command:
        case TakeSeat() | ReleaseSeat() | AcceptSeat() | DeclineSeat():
            return SEATING.ref(community, command.session)
        case SetEnrolmentRule() | RemoveEnrolmentRule():
            return ENROLMENT_RULE.ref(community, command.rule)
        case LeaveEnrolment():
            return ENROLMENT.ref(community, command.person, command.programme)
        case AppointManager():
            return MANAGER.ref(community, command.person)

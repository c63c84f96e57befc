"""Decisions about the frame: community, programmes, rooms."""

from __future__ import annotations

from services.registrations.decisions.ledger import Ledger
from shared.contract.authority import Actor
from shared.contract.catalogue import COMMUNITY, PROGRAMME, ROOM
from shared.contract.commands.registrations import AddRoom, AnnounceProgramme, EstablishCommunity, WithdrawRoom
from shared.contract.facts.registrations import Community, Programme, Room
from shared.contract.results import FieldError, Rejection, RejectionCode
from shared.contract.values import Answer

_LONGEST_PROGRAMME_DAYS = 400


def establish(ledger: Ledger, command: EstablishCommunity) -> None:
    community = Community(community=ledger.community, **command.model_dump())
    ledger.write(COMMUNITY, (ledger.community,), "established", community)


def announce(ledger: Ledger, command: AnnounceProgramme) -> None:
    if command.last_day < command.first_day:
        raise Rejection.of(RejectionCode.INVALID, "last_day", "is before first_day", "a day not before first_day")
    if (command.last_day - command.first_day).days > _LONGEST_PROGRAMME_DAYS:
        raise Rejection.of(
            RejectionCode.INVALID, "last_day", "is too far off", f"at most {_LONGEST_PROGRAMME_DAYS} days"
        )
    if command.call is not None and command.call.closes <= command.call.opens:
        raise Rejection.of(RejectionCode.INVALID, "call.closes", "is not after call.opens", "a later instant")
    announced = Programme(**command.model_dump())
    community = ledger.get(COMMUNITY, Community, ledger.community)
    if community is not None and "policy_pack" not in command.model_fields_set:
        announced = announced.model_copy(update={"policy_pack": community.policy_pack})
    ledger.write(PROGRAMME, (command.programme,), "announced", announced)


def add_room(ledger: Ledger, command: AddRoom, actor: Actor) -> None:
    wrong = [
        FieldError(
            field=f"unavailable.{index}.answer",
            problem="says something else than no",
            allowed="no: rooms list only when they are taken",
        )
        for index, window in enumerate(command.unavailable)
        if window.answer is not Answer.NO
    ]
    if wrong:
        raise Rejection(RejectionCode.INVALID, *wrong)
    origin = ledger.check_origin(ledger.get(ROOM, Room, command.room), actor, "room")
    ledger.write(ROOM, (command.room,), "added", Room(**command.model_dump(), origin=origin))


def withdraw_room(ledger: Ledger, command: WithdrawRoom, actor: Actor) -> None:
    known = ledger.require(ROOM, Room, "room", command.room)
    ledger.check_origin(known, actor, "room")
    ledger.write(ROOM, (command.room,), "withdrawn", known.model_copy(update={"withdrawn": True}))

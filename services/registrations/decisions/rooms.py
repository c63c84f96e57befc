"""Decisions about rooms."""

from __future__ import annotations

from services.registrations.decisions.ledger import Ledger
from shared.contract.authority import Actor
from shared.contract.catalogue import ROOM
from shared.contract.commands.registrations import AddRoom, WithdrawRoom
from shared.contract.facts.registrations import Room
from shared.contract.results import FieldError, Rejection, RejectionCode
from shared.contract.rooms import expanded
from shared.contract.values import Answer, new_id


def add_room(ledger: Ledger, command: AddRoom, actor: Actor) -> None:
    """Add a room or change it. The links of its sessions stay the same when its template does."""
    if wrong := [*_windows_that_say_otherwise(command), *_two_links(command)]:
        raise Rejection(RejectionCode.INVALID, *wrong)
    known = ledger.get(ROOM, Room, command.room)
    origin = ledger.check_origin(known, actor, "room")
    secret = known.join_secret if known is not None else None
    if secret is None and command.join_template is not None and "{token}" in expanded(command.join_template):
        secret = new_id()
    ledger.write(ROOM, (command.room,), "added", Room(**command.model_dump(), origin=origin, join_secret=secret))


def withdraw_room(ledger: Ledger, command: WithdrawRoom, actor: Actor) -> None:
    known = ledger.require(ROOM, Room, "room", command.room)
    ledger.check_origin(known, actor, "room")
    ledger.write(ROOM, (command.room,), "withdrawn", known.model_copy(update={"withdrawn": True}))


def _windows_that_say_otherwise(command: AddRoom) -> list[FieldError]:
    return [
        FieldError(
            field=f"unavailable.{index}.answer",
            problem="says something else than no",
            allowed="no: rooms list only when they are taken",
        )
        for index, window in enumerate(command.unavailable)
        if window.answer is not Answer.NO
    ]


def _two_links(command: AddRoom) -> list[FieldError]:
    if command.join_url is None or command.join_template is None:
        return []
    return [
        FieldError(
            field="join_template",
            problem="stands beside join_url",
            allowed="one of the two: a link for the room, or a template of a link for each session",
        )
    ]

"""What is still to be done about a proposal, given what is known of it: doing it again must change nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from services.registrations.imports.drafts import DraftCommand
from shared.contract.commands.registrations import AddRoom, AnnounceProgramme, SubmitProposal
from shared.contract.facts.registrations import Programme, Proposal, ProposalStatus, Room
from shared.contract.message import Command

_FIELDS: dict[str, type[Command]] = {
    "room.add": AddRoom,
    "programme.announce": AnnounceProgramme,
    "proposal.submit": SubmitProposal,
    "proposal.draft": SubmitProposal,
}
_DONE = {
    "accept": {ProposalStatus.ACCEPTED},
    "consider": {ProposalStatus.MAYBE, ProposalStatus.ACCEPTED},
    "withdraw": {ProposalStatus.WITHDRAWN},
}


def completed(draft: DraftCommand, known: Room | Programme | Proposal | None) -> DraftCommand:
    """The draft with what is known where it says nothing: a file with few columns changes no others."""
    command = _FIELDS.get(draft.name)
    if known is None or command is None:
        return draft
    return replace(draft, payload=_said(known, command) | draft.payload)


def steps_due(drafts: Iterable[DraftCommand], known: Proposal | None) -> Iterator[DraftCommand]:
    """Those of the commands about one proposal that would change it; all of them when nothing is known of it."""
    drafts = list(drafts)
    ends_withdrawn = bool(drafts) and drafts[-1].verb == "withdraw"
    for draft in drafts:
        if known is None or not _is_done(completed(draft, known), known, ends_withdrawn=ends_withdrawn):
            yield completed(draft, known)


def _is_done(draft: DraftCommand, known: Proposal, *, ends_withdrawn: bool) -> bool:
    if draft.verb == "call-off":
        return draft.payload.get("session") in known.called_off
    if draft.verb in _DONE:
        return known.status in _DONE[draft.verb]
    if ends_withdrawn:
        return True
    if known.status is ProposalStatus.WITHDRAWN or (draft.verb == "submit" and known.status is ProposalStatus.DRAFTED):
        return False
    return _said(known, SubmitProposal) == _as_stored(draft.payload)


def _said(known: Room | Programme | Proposal, command: type[Command]) -> dict[str, Any]:
    names = set(command.model_fields) & set(type(known).model_fields)
    return known.model_dump(mode="json", include=names, exclude_none=True)


def _as_stored(payload: dict[str, Any]) -> dict[str, Any] | None:
    """The payload as a fact would hold it; None when it is not well formed."""
    try:
        command = SubmitProposal.model_validate_json(json.dumps(payload, default=str))
    except ValueError:
        return None
    return command.model_dump(mode="json", exclude_none=True, exclude={"access_code"})

"""Reading a request: from subject, headers and body to a checked command with its caller, actor and identity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from shared.bus.store import Cause
from shared.bus.streams import MAX_COMMAND_BYTES
from shared.contract.authority import Actor, actor_of, authorise
from shared.contract.catalogue import Endpoint, endpoint
from shared.contract.envelope import header
from shared.contract.message import Command
from shared.contract.results import FieldError, Rejection, RejectionCode
from shared.contract.structured import Sent, unwrapped
from shared.contract.subjects import ApiSubject, InboxSubject, Service
from shared.contract.validation import field_errors

_ID_LIMIT = 200
_USABLE = f"1 to {_ID_LIMIT} printable characters in UTF-8"
# What the client library puts where a header is not UTF-8: two ids would become one.
_UNDECODABLE = "\ufffd"


@dataclass(frozen=True)
class Request:
    """A command that is well formed and that its caller may give."""

    endpoint: Endpoint
    command: Command
    actor: Actor
    cause: Cause
    dry_run: bool = False
    """only to be checked: the same decision, and nothing is written"""

    @property
    def community(self) -> str:
        return self.cause.community


def read_request(subject: ApiSubject | InboxSubject, headers: Mapping[str, str] | None, body: bytes) -> Request:
    """The request in a message. Raises Rejection, which names each field and what is allowed."""
    found, caller = _endpoint(subject)
    sent = binary_mode(headers, body)
    if sent.errors:
        raise Rejection(RejectionCode.INVALID, *sent.errors)
    command = _command(found, sent.body)
    actor = actor_of(caller, header(sent.headers, "ce-actor"))
    authorise(caller, actor, command)
    cause = Cause(subject.community, caller, command_id(sent.headers), _correlation(sent.headers))
    _check_type(found, sent.headers)
    return Request(found, command, actor, cause, _is_dry_run(subject, found, sent.headers))


def binary_mode(headers: Mapping[str, str] | None, body: bytes) -> Sent:
    """A message as if it had been sent in binary mode."""
    return unwrapped(headers, body, most_bytes=MAX_COMMAND_BYTES)


def command_id(headers: Mapping[str, str] | None) -> str:
    """The client's own id of its command: the same id again is the same command."""
    stated = header(headers, "ce-id")
    if stated is None or not _is_usable(stated):
        problem = "is missing" if stated is None else "is not a usable id"
        allowed = f"a header of {_USABLE}, new for each command, the same when it is retried"
        raise Rejection.of(RejectionCode.INVALID, "ce-id", problem, allowed)
    return stated


def _correlation(headers: Mapping[str, str] | None) -> str | None:
    stated = header(headers, "ce-correlationid")
    if stated is not None and not _is_usable(stated):
        raise Rejection.of(RejectionCode.INVALID, "ce-correlationid", "is not a usable id", f"a header of {_USABLE}")
    return stated


def _is_usable(id: str) -> bool:
    return 0 < len(id) <= _ID_LIMIT and id.isprintable() and _UNDECODABLE not in id


def _endpoint(subject: ApiSubject | InboxSubject) -> tuple[Endpoint, str]:
    service = subject.service if isinstance(subject, ApiSubject) else Service.REGISTRATIONS
    caller = subject.caller if isinstance(subject, ApiSubject) else subject.partner
    found = endpoint(service, subject.entity, subject.verb)
    if found is None or (isinstance(subject, InboxSubject) and not found.inbox):
        raise Rejection.of(
            RejectionCode.UNKNOWN,
            "subject",
            f"{subject.entity}.{subject.verb} is not taken here",
            "an entity and verb of the contract",
        )
    return found, caller


def _command(found: Endpoint, body: bytes) -> Command:
    if len(body) > MAX_COMMAND_BYTES:
        raise Rejection.of(RejectionCode.INVALID, "message", "is too large", f"at most {MAX_COMMAND_BYTES} bytes")
    try:
        return found.command.model_validate_json(body or b"{}")
    except ValidationError as error:
        raise Rejection(RejectionCode.INVALID, *field_errors(found.command, error)) from None


def _check_type(found: Endpoint, headers: Mapping[str, str] | None) -> None:
    stated = header(headers, "ce-type")
    if stated is not None and stated != found.type:
        raise Rejection(
            RejectionCode.INVALID, FieldError(field="ce-type", problem="does not fit the subject", allowed=found.type)
        )


def _is_dry_run(subject: ApiSubject | InboxSubject, found: Endpoint, headers: Mapping[str, str] | None) -> bool:
    """Whether the command is only to be checked. Who cannot check must refuse: it would be carried out."""
    stated = header(headers, "ce-dryrun")
    if stated is None or stated == "false":
        return False
    if stated != "true":
        raise Rejection.of(RejectionCode.INVALID, "ce-dryrun", "is neither true nor false", "true, false or nothing")
    if isinstance(subject, InboxSubject) or found.service is not Service.REGISTRATIONS:
        raise Rejection.of(
            RejectionCode.INVALID, "ce-dryrun", "is not possible here", "a request to an api subject of registrations"
        )
    return True

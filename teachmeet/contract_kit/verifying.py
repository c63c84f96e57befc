"""Checking messages as the services would, without one: form, rights, types, ids; not what only the data can tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from services.registrations.rows import Outcomes, read_rows
from shared.bus.permissions import RESERVED_USERS
from shared.bus.requests import Request, binary_mode, read_request
from shared.contract.commands.interests import ImportInterests, InterestRow
from shared.contract.commands.registrations import ImportPeople, PersonRow
from shared.contract.envelope import digest, header, written_at
from shared.contract.results import FieldError, Rejection, RejectionCode
from shared.contract.subjects import ApiSubject, InboxSubject, SubjectError, parse
from teachmeet.contract_kit.messages import Sample, UnreadableSampleError, sample_of

_HEADER_BYTES = 4096
_FORMS = "tm.<community>.inbox.v1.<partner>.<entity>.<verb>, or the same with <service>.v1.api.<partner>"


@dataclass(frozen=True)
class Verdict:
    """What a service would say to one sample. ``hints`` are about what it would take, and might not be meant."""

    number: int
    about: str
    errors: tuple[FieldError, ...] = ()
    hints: tuple[str, ...] = ()


@dataclass
class Verifier:
    """Checks samples one after the other; ids are compared with those of the samples before."""

    community: str
    partner: str
    _seen: dict[tuple[str, str, str], tuple[int, str]] = field(default_factory=dict)

    def verdicts(self, raw: Iterable[Any]) -> Iterator[Verdict]:
        """A verdict on each sample, in order, counted from 1."""
        for number, each in enumerate(raw, start=1):
            yield self._verdict(number, each)

    def _verdict(self, number: int, raw: Any) -> Verdict:
        try:
            sample = sample_of(raw, community=self.community, partner=self.partner)
        except UnreadableSampleError as error:
            wrong = FieldError(field=error.field, problem=error.problem, allowed=error.allowed)
            return Verdict(number, "unreadable", (wrong,))
        try:
            subject = _subject(sample.subject)
            request = read_request(subject, sample.headers, sample.body)
        except Rejection as rejection:
            return Verdict(number, sample.subject, rejection.errors)
        errors = (*_row_errors(request), *self._id_errors(number, request, sample))
        return Verdict(number, sample.subject, errors, tuple(_hints(sample)))

    def _id_errors(self, number: int, request: Request, sample: Sample) -> Iterator[FieldError]:
        """The same id again is the same command: with another content it would be taken for done."""
        key = (request.community, request.cause.caller, request.cause.id)
        content = digest(sample.subject, request.command.model_dump_json())
        first, before = self._seen.setdefault(key, (number, content))
        if before != content:
            yield FieldError(
                field="ce-id", problem=f"is that of message {first}, which says something else", allowed="a new id"
            )


def _subject(text: str) -> InboxSubject | ApiSubject:
    try:
        subject = parse(text)
    except SubjectError:
        subject = None
    if not isinstance(subject, (InboxSubject, ApiSubject)):
        raise _wrong("subject", "is no subject for commands", _FORMS)
    caller = subject.partner if isinstance(subject, InboxSubject) else subject.caller
    if caller in RESERVED_USERS:
        raise _wrong("subject", "names a user of our own", "the name that the operator gave you")
    return subject


def _wrong(field: str, problem: str, allowed: str) -> Rejection:
    return Rejection.of(RejectionCode.INVALID, field, problem, allowed)


def _row_errors(request: Request) -> Iterator[FieldError]:
    """What is wrong with the rows of a bulk import, which the service answers one by one."""
    outcomes = Outcomes()
    match request.command:
        case ImportPeople(people=rows):
            name = "people"
            read_rows(PersonRow, rows, outcomes)
        case ImportInterests(interests=rows):
            name = "interests"
            read_rows(InterestRow, rows, outcomes)
        case _:
            return
    for row in outcomes.in_order():
        for error in row.errors:
            found = FieldError.model_validate(error)
            yield found.model_copy(update={"field": f"{name}.{row.row}.{found.field}"})


def _hints(sample: Sample) -> Iterator[str]:
    sent = binary_mode(sample.headers, sample.body)
    stated, own = header(sent.headers, "ce-id"), header(sample.headers, "nats-msg-id")
    if own is not None and own == stated:
        yield "Nats-Msg-Id is ce-id alone: the broker drops any message that has it again; put the subject into it"
    if header(sent.headers, "ce-actor") is not None:
        yield "ce-actor is not read: you are always yourself"
    if header(sent.headers, "ce-time") is not None and written_at(sent.headers) is None:
        yield "ce-time is no instant of RFC 3339"
    if header(sent.headers, "ce-specversion") not in (None, "1.0"):
        yield "ce-specversion is not 1.0"
    if sum(len(name) + len(value) + 4 for name, value in sample.headers.items()) > _HEADER_BYTES:
        yield f"the headers have more than {_HEADER_BYTES} bytes"

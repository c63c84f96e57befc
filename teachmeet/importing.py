"""Sending imported rows in: people and interests in bulk, the rest side by side, each after what it refers to.

Every row is stored for itself or not at all, and a row that is stored already changes nothing: an import that broke
off is completed by running it again.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, TypeVar

from services.registrations.imports.directory import Directory, joined
from services.registrations.imports.drafts import DraftCommand, Problem
from services.registrations.imports.duplicates import known_alike, sifted
from services.registrations.imports.steps import completed, steps_due
from shared.bus.client import Requester
from shared.bus.facts import Facts
from shared.bus.replay import Replay, Source
from shared.contract.catalogue import PROGRAMME, PROPOSAL, ROOM
from shared.contract.commands.checking import Effect
from shared.contract.commands.registrations import RowResult
from shared.contract.envelope import digest
from shared.contract.facts.registrations import Proposal, Room
from shared.contract.results import FieldError, Rejection, RejectionCode
from shared.contract.subjects import Service
from shared.contract.values import new_id
from teachmeet.import_report import Answer, Report

_TRY_TIMEOUT = 20.0
_IN_FLIGHT = 8
_BATCH_BYTES = 400_000
_PEOPLE = 250
_INTERESTS = 1000
_FIRST = ("community.establish", "programme.announce", "programme.create")
_BULK = {"person.register": ("people", _PEOPLE), "interest.state": ("interests", _INTERESTS)}
# Fields of commands, and whose ids stand in them.
_REFERS = {"programme": "programme", "proposal": "proposal", "session": "proposal", "room": "room", "person": "person"}

T = TypeVar("T")


class Importer:
    """Imports rows as the organiser; with a requester that only checks, it tells what would happen."""

    def __init__(self, requester: Requester) -> None:
        # Asked once more while it is under way, a large import would only take longer.
        self._requester = replace(requester, try_timeout=_TRY_TIMEOUT)
        self._run = new_id()
        self._directory = Directory()
        self._brought: set[tuple[str, str]] = set()
        self._known = Facts()
        self.report = Report()

    async def run(self, drafts: Iterable[DraftCommand]) -> Report:
        """Send everything. Raises UnreachableError; ``report`` then tells how far it came."""
        found = sifted(drafts)
        self.report.problems += found.problems
        self.report.notes += found.notes
        people, nameless = joined(each for each in found.drafts if each.name == "person.register")
        self.report.problems += nameless
        rest = [each for each in found.drafts if each.name != "person.register"]
        await self._send_each([each for each in rest if each.name in _FIRST], at_once=1)
        await self._send_in_bulk(people)
        rest = self._with_people([each for each in rest if each.name not in _FIRST])
        async with self._following():
            self.report.notes += known_alike(rest, self._proposals().values())
            await self._send_each([self._completed(each) for each in rest if each.entity == "room"], at_once=1)
            await self._send_proposals([each for each in rest if each.entity in {"proposal", "proposals"}])
        others = [each for each in rest if each.entity not in {"room", "proposal", "proposals", "interest"}]
        await self._send_each(others, at_once=_IN_FLIGHT)
        await self._send_in_bulk([each for each in rest if each.entity == "interest"])
        return self.report

    def _with_people(self, drafts: Iterable[DraftCommand]) -> list[DraftCommand]:
        """The rows with ids for the people whom they call otherwise."""
        found = [self._directory.resolved(each) for each in drafts]
        self.report.problems += [each for each in found if isinstance(each, Problem)]
        return [each for each in found if isinstance(each, DraftCommand)]

    @asynccontextmanager
    async def _following(self) -> AsyncIterator[None]:
        """Rooms and proposals as they are now: what a file does not say of them stays."""
        sources = [Source.of(kind) for kind in (ROOM, PROPOSAL, PROGRAMME)]
        async with Replay(self._requester.bus, self._known, sources) as replay:
            await replay.caught_up()
        yield

    def _proposals(self) -> dict[str, Proposal]:
        stated = self._known.states(PROPOSAL, Proposal, self._requester.community)
        return {proposal: each for (proposal,), each in stated.items()}

    def _completed(self, draft: DraftCommand) -> DraftCommand:
        community = self._requester.community
        room = self._known.state(ROOM, Room, community, str(draft.payload.get("room")))
        return completed(draft, room)

    async def _send_proposals(self, drafts: Sequence[DraftCommand]) -> None:
        """The steps of one proposal in order, those of several side by side."""
        by_proposal: dict[str, list[DraftCommand]] = {}
        for draft in drafts:
            by_proposal.setdefault(str(draft.payload.get("proposal")), []).append(draft)
        known = self._proposals()

        async def take(steps: list[DraftCommand]) -> None:
            due = list(steps_due(steps, known.get(str(steps[0].payload.get("proposal")))))
            if not due:
                self._note(Answer(steps[0], Effect.UNCHANGED))
            # What is only checked is not there for its next step.
            for draft in due[:1] if self._requester.dry_run else due:
                answer = await self._send(draft)
                if answer.errors:
                    return

        await _side_by_side(take, by_proposal.values(), at_once=_IN_FLIGHT)

    async def _send_each(self, drafts: Sequence[DraftCommand], *, at_once: int) -> None:
        await _side_by_side(self._send, drafts, at_once=at_once)

    async def _send(self, draft: DraftCommand) -> Answer:
        body = json.dumps(draft.payload, default=str).encode()
        identity = digest(self._run, draft.name, body.decode())
        try:
            reply = await self._ask(draft.entity, draft.verb, body, identity)
        except Rejection as rejection:
            answer = self._refused(draft, rejection)
        else:
            self.report.seq = max(self.report.seq, int(reply.get("seq", 0)))
            effect = Effect(reply["effect"]) if reply.get("effect") else None
            answer = Answer(draft, effect, tuple(reply.get("fields", ())))
        self._note(answer)
        return answer

    def _note(self, answer: Answer) -> None:
        self.report.answers.append(answer)
        if not answer.errors:
            own = answer.draft.payload.get(answer.draft.entity)
            self._brought.add((answer.draft.entity, str(own)))

    def _refused(self, draft: DraftCommand, rejection: Rejection) -> Answer:
        """The row as refused; but a check does not hold against a row what an earlier row would bring."""
        is_unknown = self._requester.dry_run and rejection.code is RejectionCode.UNKNOWN
        if is_unknown and all(self._is_brought(draft.payload, error.field) for error in rejection.errors):
            return Answer(draft, Effect.NEW)
        return Answer(draft, errors=rejection.errors)

    def _is_brought(self, payload: dict[str, Any], path: str) -> bool:
        name, _, index = path.partition(".")
        if name == "community":
            return any(entity == "community" for entity, _ in self._brought)
        value = payload.get(name)
        if isinstance(value, list) and index.isdecimal() and int(index) < len(value):
            value = value[int(index)]
        kind = "person" if name == "presenters" else "proposal" if name == "prerequisites" else _REFERS.get(name, "")
        return (kind, str(value)) in self._brought

    async def _send_in_bulk(self, drafts: Sequence[DraftCommand]) -> None:
        await _side_by_side(self._send_batch, _batches(drafts), at_once=_IN_FLIGHT)

    async def _send_batch(self, batch: list[DraftCommand]) -> None:
        field_name, _ = _BULK[batch[0].name]
        body = json.dumps({field_name: [each.payload for each in batch]}, default=str).encode()
        try:
            reply = await self._ask(field_name, "import", body, digest(self._run, field_name, body.decode()))
        except Rejection as rejection:
            for draft in batch:
                self._learn(self._refused(draft, rejection), None)
            return
        if not self._requester.dry_run:
            self.report.seq = max(self.report.seq, int(reply.get("seq", 0)))
        for raw in reply["rows"]:
            row = RowResult.model_validate(raw)
            errors = tuple(FieldError.model_validate(each) for each in row.errors)
            answer = Answer(batch[row.row], row.effect, errors=errors)
            if errors and self._requester.dry_run and self._are_brought(answer):
                answer = Answer(batch[row.row], Effect.NEW)
            self._learn(answer, row.person)

    def _are_brought(self, answer: Answer) -> bool:
        payload = answer.draft.payload
        return all(
            each.problem.startswith("names ") and self._is_brought(payload, each.field) for each in answer.errors
        )

    def _learn(self, answer: Answer, person: str | None) -> None:
        """Who a row is from now on; one that is judged only once its community is there gets an id of its own."""
        if answer.draft.name == "person.register" and not answer.errors:
            known = person or str(answer.draft.payload.get("person") or f"new-{len(self.report.answers)}")
            self._directory.learn(answer.draft, known)
            answer = replace(answer, draft=replace(answer.draft, payload=answer.draft.payload | {"person": known}))
        self._note(answer)

    async def _ask(self, entity: str, verb: str, body: bytes, identity: str) -> dict[str, Any]:
        reply = await self._requester.ask_raw(Service.REGISTRATIONS, entity, verb, body, id=f"import-{identity}")
        answer: dict[str, Any] = json.loads(reply)
        return answer


def _batches(drafts: Sequence[DraftCommand]) -> Iterator[list[DraftCommand]]:
    """As many rows together as one message takes."""
    batch: list[DraftCommand] = []
    size = 0
    for draft in drafts:
        own = len(json.dumps(draft.payload, default=str))
        if batch and (len(batch) >= _BULK[draft.name][1] or size + own > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(draft)
        size += own
    if batch:
        yield batch


async def _side_by_side(take: Callable[[T], Awaitable[object]], items: Iterable[T], *, at_once: int) -> None:
    """Take every item, some at a time; the first failure ends it all."""
    waiting = iter(items)

    async def worker() -> None:
        for item in waiting:
            await take(item)

    workers = [asyncio.create_task(worker()) for _ in range(at_once)]
    try:
        await asyncio.gather(*workers)
    finally:
        for each in workers:
            each.cancel()

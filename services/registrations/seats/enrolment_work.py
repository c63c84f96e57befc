"""The work that enrols people by rules: those who are here, and those who come later.

Level-triggered, as all work: what should be follows from rules and affiliations. A rule that changes has everybody
looked at, in slices, so that the service answers meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import AbstractAsyncContextManager

from services.registrations.seats.enrolling import enrolment_writes, rules_in_force
from shared.bus.background import in_background
from shared.bus.batch import MAX_BATCH
from shared.bus.executing import refresh
from shared.bus.facts import Stored
from shared.bus.retry import growing_delay
from shared.bus.service import Runtime
from shared.bus.store import Cause, ConflictError, Write
from shared.contract.catalogue import AFFILIATION, CONTACT, ENROLMENT, ENROLMENT_RULE, PROGRAMME
from shared.contract.envelope import digest
from shared.contract.subjects import Service

log = logging.getLogger(__name__)

_SLICE = 500


class Enroller:
    """Keeps enrolments in step with rules and affiliations."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._people: set[tuple[str, str]] = set()
        self._communities: set[str] = set()
        # What comes while the view is filled is looked at with everybody else.
        self._follows = False
        self._something = asyncio.Event()
        runtime.facts.listen(self._notice)

    def running(self) -> AbstractAsyncContextManager[object]:
        """At work for as long as the block lasts."""
        return in_background(self._work(), "enrolment by rules")

    def _notice(self, stored: Stored) -> None:
        if not self._follows:
            return
        community, entity = stored.ref.community, stored.ref.entity
        if entity in {ENROLMENT_RULE.entity, PROGRAMME.entity}:
            self._communities.add(community)
        elif entity in {AFFILIATION.entity, CONTACT.entity, ENROLMENT.entity}:
            self._people.add((community, stored.ref.ids[0]))
        else:
            return
        self._something.set()

    async def _work(self) -> None:
        await self._runtime.replay.caught_up()
        self._follows = True
        self._communities.update(self._runtime.facts.communities(ENROLMENT_RULE))
        self._something.set()
        failures = 0
        while True:
            await self._something.wait()
            self._something.clear()
            try:
                await self._round()
                failures = 0
            except Exception:  # the round starts from the facts alone, so the next one does what this one did not
                failures += 1
                log.exception("people could not be enrolled; trying again")
                self._communities.update(self._runtime.facts.communities(ENROLMENT_RULE))
                self._something.set()
                await asyncio.sleep(growing_delay(failures, cap=5.0))

    async def _round(self) -> None:
        facts = self._runtime.facts
        people, self._people = self._people, set()
        communities, self._communities = self._communities, set()
        for community in communities:
            people |= {(community, ids[0]) for ids in facts.all(AFFILIATION, community)}
        for community in {community for community, _ in people}:
            if facts.all(ENROLMENT_RULE, community):
                await self._enrol(community, sorted(person for where, person in people if where == community))

    async def _enrol(self, community: str, people: list[str]) -> None:
        facts, now = self._runtime.facts, self._runtime.bus.clock.now()
        rules = rules_in_force(facts, community, now)
        for start in range(0, len(people), _SLICE):
            slice_of_people = people[start : start + _SLICE]
            writes = [each for who in slice_of_people for each in enrolment_writes(facts, community, who, rules, now)]
            for at in range(0, len(writes), MAX_BATCH):
                await self._append(community, writes[at : at + MAX_BATCH])
            await asyncio.sleep(0)

    async def _append(self, community: str, writes: list[Write]) -> None:
        states = "".join(f"{each.expected_seq}{each.state.model_dump_json()}" for each in writes)
        try:
            await self._runtime.store.append(Cause(community, Service.REGISTRATIONS, f"enrol-{digest(states)}"), writes)
        except ConflictError:
            await refresh(self._runtime, writes)
            self._people.update((community, each.ref.ids[0]) for each in writes)
            self._something.set()

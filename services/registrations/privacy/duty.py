"""What registrations does after a person was erased, in an order that leaves no way to lose sight of anything.

1. What belongs to others is written anew without the person, and what it was before is overwritten.
2. Dead letters lose what is theirs, and the inbox is waited for: once it is empty, the bytes of what was taken are gone
   (measured; those of a message behind which others wait stay until then).
3. The other services have given their receipts. Until then the contact stays in the stream, because whoever looks for a
   name must know it, also after being killed.
4. The claims on addresses and on partners' ids go, so that the address may be registered anew. The facts about the
   person follow.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from services.registrations.privacy.letters import erase_letters
from services.registrations.privacy.mentions import OF_OTHERS, is_withdrawn_for, mentions
from shared.bus.entities import Stored
from shared.bus.eraser import Going, asked_at, by_community, give_receipt
from shared.bus.erasing import erase_message, stored
from shared.bus.executing import refresh
from shared.bus.facts import Facts, Late
from shared.bus.names import words_of
from shared.bus.service import Runtime
from shared.bus.store import Cause, ConflictError, Write
from shared.bus.streams import INBOX, stream_of
from shared.contract.catalogue import ERASURE, FACTS, NOTIFIER_RECEIPT, SCHEDULER_RECEIPT, SEATING
from shared.contract.envelope import digest
from shared.contract.facts.privacy import Erasure
from shared.contract.subjects import EntityRef, Service, facts_of
from shared.privacy.words import Words

log = logging.getLogger(__name__)

RECEIPTS = {Service.NOTIFIER: NOTIFIER_RECEIPT, Service.SCHEDULER: SCHEDULER_RECEIPT}
_CLAIMS = frozenset(
    kind.entity
    for kind in FACTS
    if kind.service is Service.REGISTRATIONS and not kind.is_about_a_person and "person" in kind.model.model_fields
)
# Ids and the names of rooms: nothing that anybody wrote.
_WITHOUT_WORDS = frozenset({SEATING.entity})
_MOST_IN_A_BATCH = 200
_ROUNDS = 20
NO_WORDS = Words(())


@dataclass
class RegistrationsDuty:
    """Registrations' part in erasing people."""

    runtime: Runtime
    service: Service = Service.REGISTRATIONS
    _claims: dict[Going, set[EntityRef]] = field(default_factory=dict)
    _emptied: set[Going] = field(default_factory=set)
    _cleaned: set[Going] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.runtime.facts.listen_late(self._come_late)

    def _come_late(self, late: Late) -> None:
        if late.ref.service == self.service and late.ref.entity in _CLAIMS:
            self._claims.setdefault(Going(late.ref.community, late.person), set()).add(late.ref)

    def is_done(self, going: Going) -> bool:
        erasure = self.runtime.facts.state(ERASURE, Erasure, going.community, going.person)
        return erasure is not None and erasure.swept_at is not None

    async def prepare(self, people: Sequence[Going]) -> Sequence[Going]:
        info = await self.runtime.bus.js.stream_info(INBOX)
        if not info.state.messages:
            self._emptied.update(people)
        for community, those in by_community(each for each in people if each not in self._cleaned).items():
            words = {each.person: await words_of(self.runtime, community, each.person) for each in those}
            await self._clean(community, words)
            self._cleaned.update(those)
        facts = self.runtime.facts
        ready = [each for each in people if each in self._emptied and not waits_for(facts, each)]
        for community, those in by_community(ready).items():
            # What was decided before others knew that they are gone.
            await self._take_out(community, {each.person: NO_WORDS for each in those})
        for going in ready:
            # What failed in the inbox since the first look has become a dead letter.
            theirs = await words_of(self.runtime, going.community, going.person)
            await erase_letters(self.runtime.bus, going.community, going.person, theirs)
            await self._release_claims(going)
        return ready

    async def _clean(self, community: str, people: Mapping[str, Words]) -> None:
        """Rid what belongs to others, and dead letters, of these people."""
        await self._take_out(community, people)
        await self._overwrite(community, people)
        for person, words in people.items():
            await erase_letters(self.runtime.bus, community, person, words)

    async def finish(self, going: Going, up_to: int) -> None:
        ref = ERASURE.ref(going.community, going.person)
        known = self.runtime.facts.get(ref)
        now = self.runtime.bus.clock.now()
        done = Erasure(person=going.person, at=asked_at(self.runtime, going) or now, swept_at=now, up_to=up_to)
        await give_receipt(self.runtime, self.service, ERASURE, going, done, known.seq if known is not None else 0)
        self._emptied.discard(going)
        self._cleaned.discard(going)
        self._claims.pop(going, None)

    async def _take_out(self, community: str, people: Mapping[str, Words]) -> None:
        """Write anew what names them, until nothing does."""
        for _ in range(_ROUNDS):
            writes = list(mentions(self.runtime.facts, community, people))
            if not writes:
                return
            for first in range(0, len(writes), _MOST_IN_A_BATCH):
                await self._write(community, writes[first : first + _MOST_IN_A_BATCH])

    async def _write(self, community: str, writes: Sequence[Write]) -> None:
        states = "".join(f"{each.expected_seq}{each.state.model_dump_json()}" for each in writes)
        try:
            await self.runtime.store.append(Cause(community, self.service, f"without-{digest(states)}"), writes)
        except ConflictError:
            await refresh(self.runtime, writes)

    async def _overwrite(self, community: str, people: Mapping[str, Words]) -> None:
        """Destroy earlier facts of others in which their words stand, or that nobody but they said."""
        stream, every_word = stream_of(self.service), Words.together(people.values())
        for kind in OF_OTHERS:
            if kind.entity in _WITHOUT_WORDS:
                continue
            async for messages in stored(
                self.runtime.bus, stream, facts_of(self.service, kind.entity, community=community)
            ):
                for each in messages:
                    last = self.runtime.facts.get(each.fact.ref) if each.fact is not None else None
                    is_past = last is not None and each.seq < last.seq
                    if is_past and (_is_emptied(last, people) or every_word.stand_in_state(each.state())):
                        await erase_message(self.runtime.bus, stream, each.seq)

    async def _release_claims(self, going: Going) -> None:
        stream = stream_of(self.service)
        for ref in self._claims.get(going, ()):
            async for messages in stored(self.runtime.bus, stream, ref.every_fact()):
                for each in messages:
                    state = each.state()
                    if isinstance(state, dict) and state.get("person") == going.person:
                        await erase_message(self.runtime.bus, stream, each.seq)


def _is_emptied(last: Stored | None, people: Iterable[str]) -> bool:
    return any(is_withdrawn_for(last, person) for person in people)


def waits_for(facts: Facts, going: Going) -> list[Service]:
    """The services that have not given their receipt yet."""
    return [service for service, kind in RECEIPTS.items() if facts.get(kind.ref(going.community, going.person)) is None]

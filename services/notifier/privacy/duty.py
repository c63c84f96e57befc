"""What the notifier does after a person was erased: look for their words in what it told others.

A presenter's name stands in the invitations of everybody who comes, an address in mails that nobody could place. The
last fact of such an entity is written anew without the words; what it was before is overwritten. A mail that is still
on its way to somebody else is waited for, so that nobody loses an invitation.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from services.notifier.delivery.life import RESOLVED, DeliveryPolicy, next_step
from shared.bus.entities import Stored
from shared.bus.eraser import Going, Receipts, by_community
from shared.bus.erasing import Found, erase_message, is_about, stored
from shared.bus.executing import refresh
from shared.bus.names import words_of
from shared.bus.service import Runtime
from shared.bus.store import Cause, ConflictError, Write
from shared.bus.streams import REMINDERS, stream_of
from shared.contract.catalogue import ERASURE, INVITE, NOTICE, NOTIFIER_RECEIPT, fact_kind
from shared.contract.envelope import digest
from shared.contract.subjects import EntityRef, Service, facts_of, reminders_of_person
from shared.privacy.words import Words, without_person

_MAILS = frozenset({INVITE.entity, NOTICE.entity})
_MOST_IN_A_BATCH = 100
# Each makes the broker write a whole block anew: more at a time would cost it memory and no time.
_AT_A_TIME = 4
_HAS_MAIL = b'"mail":'


@dataclass
class NotifierDuty(Receipts):
    """The notifier's part in erasing people."""

    policy: DeliveryPolicy
    _clean_up_to: dict[Going, int] = field(default_factory=dict)
    """up to which sequence others hold nothing of them any more"""

    async def prepare(self, people: Sequence[Going]) -> Collection[Going]:
        """Rid everything of the words of these people. One look through the stream serves all of a community."""
        ready: list[Going] = []
        for community, those in by_community(people).items():
            words = {going: await words_of(self.runtime, going.community, going.person) for going in those}
            seen = min(self._clean_up_to.get(each, 0) for each in those)
            is_clean, up_to = await self._rid(community, words, seen)
            if is_clean:
                # A mail that was being written when they went may have come after the first look.
                ready += [each for each in those if each in self._clean_up_to or not words[each].words]
                self._clean_up_to.update(dict.fromkeys(those, up_to))
            for going in those:
                await self._erase_reminders(going)
        return ready

    async def _rid(self, community: str, words: dict[Going, Words], seen: int) -> tuple[bool, int]:
        """Whether nothing of these words is left in what belongs to others behind a sequence, and up to which one."""
        sought = Words.together(words.values())
        if not sought.words:
            return True, seen
        found, up_to = await self._found(community, sought, seen)
        last = {ref: self.runtime.facts.get(ref) for ref in found}
        tainted = [ref for ref, each in last.items() if each is not None and sought.stand_in_state(_written(each))]
        groups = [writes for refs in self._groups(tainted) if (writes := self._without(refs, words))]
        for together in _batches(groups):
            await self._write_anew(community, together)
        return await self._overwrite(found), up_to

    async def _found(self, community: str, words: Words, seen: int) -> tuple[dict[EntityRef, list[int]], int]:
        """The sequences behind ``seen`` at which the words stand, by entity; and the last one that was looked at."""
        found: dict[EntityRef, list[int]] = defaultdict(list)
        stream, subject = stream_of(self.service), facts_of(self.service, community=community)
        async for messages in stored(self.runtime.bus, stream, subject, after=seen):
            seen = messages[-1].seq
            own = [each for each in messages if each.fact is not None and not self._goes_anyway(each)]
            # Mails are undone of their encodings, which takes a while; other mails must go out meanwhile.
            for each in await asyncio.to_thread(_concerned, own, words):
                assert each.fact is not None
                found[each.fact.ref].append(each.seq)
        return found, seen

    def _goes_anyway(self, message: Found) -> bool:
        fact = message.fact
        return fact is not None and (fact.ref.entity == ERASURE.entity or is_about(fact, self._erased_in(fact.ref)))

    def _erased_in(self, ref: EntityRef) -> str:
        return ref.ids[0] if self.runtime.facts.is_about_erased(ref) else ""

    def _groups(self, refs: Sequence[EntityRef]) -> list[list[EntityRef]]:
        """What has to be written together, in order.

        Messages about one calendar entry are told apart by their order in the stream, so all that follow one that is
        written anew are written anew behind it.
        """
        groups: dict[tuple[str, ...], list[EntityRef]] = {}
        for ref in sorted(refs, key=_order):
            if ref.entity != INVITE.entity:
                groups[(ref.entity, *ref.ids)] = [ref]
                continue
            person, session, n = ref.ids
            if (ref.entity, person, session) in groups:
                continue
            number, group = int(n), []
            while self.runtime.facts.get(each := INVITE.ref(ref.community, person, session, str(number))) is not None:
                group.append(each)
                number += 1
            groups[(ref.entity, person, session)] = group
        return list(groups.values())

    def _without(self, refs: Sequence[EntityRef], words: Mapping[Going, Words]) -> list[Write]:
        """The facts of one group without the words; none while a mail among them is still on its way."""
        known = [each for ref in refs if (each := self.runtime.facts.get(ref)) is not None]
        return [] if any(map(self._is_under_way, known)) else [_without(each, words) for each in known]

    async def _write_anew(self, community: str, groups: Sequence[Sequence[Write]]) -> None:
        """Store groups in one batch; when it is refused, each by itself."""
        writes = [write for group in groups for write in group]
        identity = digest(*(f"{each.expected_seq} {each.ref.fact(each.what)}" for each in writes))
        try:
            await self.runtime.store.append(Cause(community, self.service, f"without-{identity}"), writes)
        except ConflictError:
            await refresh(self.runtime, writes)
            for group in groups if len(groups) > 1 else ():
                await self._write_anew(community, [group])

    def _is_under_way(self, known: Stored) -> bool:
        """Whether a mail still needs its bytes."""
        if known.ref.entity not in _MAILS:
            return False
        return next_step(known.state, self.runtime.bus.clock.now(), self.policy) not in RESOLVED

    async def _overwrite(self, found: dict[EntityRef, list[int]]) -> bool:
        """Destroy what has been written anew since; whether that was all."""
        complete, past = True, list[int]()
        for ref, sequences in found.items():
            last = self.runtime.facts.get(ref)
            is_unreadable = last is None and sequences[-1] <= self.runtime.facts.last_seq(self.service)
            if not is_unreadable and (last is None or sequences[-1] >= last.seq or self._is_under_way(last)):
                complete = False
                continue
            past += sequences
        for first in range(0, len(past), _AT_A_TIME):
            some = past[first : first + _AT_A_TIME]
            await asyncio.gather(*(erase_message(self.runtime.bus, stream_of(self.service), seq) for seq in some))
        return complete

    async def _erase_reminders(self, going: Going) -> None:
        subject = reminders_of_person(going.community, going.person)
        async for messages in stored(self.runtime.bus, REMINDERS, subject):
            for each in messages:
                await erase_message(self.runtime.bus, REMINDERS, each.seq)


def notifier_duty(runtime: Runtime, policy: DeliveryPolicy) -> NotifierDuty:
    return NotifierDuty(runtime, Service.NOTIFIER, NOTIFIER_RECEIPT, policy)


def _concerned(messages: Iterable[Found], words: Words) -> list[Found]:
    """Those in which the words stand."""
    return [each for each in messages if _may_hold(each.body, words) and words.stand_in_state(each.state())]


def _may_hold(body: bytes, words: Words) -> bool:
    """Whether it is worth while to read the fact: it has a mail, with encodings to undo, or a piece of a word."""
    return _HAS_MAIL in body or words.may_stand_in(body.decode("utf-8", "replace"))


def _written(known: Stored) -> dict[str, object]:
    written: dict[str, object] = known.state.model_dump(mode="json", exclude_none=True)
    return written


def _without(known: Stored, words: Mapping[Going, Words]) -> Write:
    state = _written(known)
    for going, theirs in words.items():
        state = without_person(state, going.person, theirs)
    return Write(known.ref, known.what, fact_kind(known.ref).model.model_validate(state), known.seq)


def _batches(groups: Iterable[list[Write]]) -> Iterator[list[list[Write]]]:
    """Groups in batches that the broker takes; each group stays whole."""
    batch: list[list[Write]] = []
    for group in groups:
        if batch and sum(map(len, batch)) + len(group) > _MOST_IN_A_BATCH:
            yield batch
            batch = []
        batch.append(group)
    if batch:
        yield batch


def _order(ref: EntityRef) -> tuple[str, ...]:
    if ref.entity != INVITE.entity:
        return (ref.entity, *ref.ids)
    person, session, n = ref.ids
    return (ref.entity, person, session, n.zfill(9))

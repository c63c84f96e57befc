"""By which words somebody is known here, as far as their contact still stands in the stream."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable

from shared.bus.erasing import history
from shared.bus.facts import Facts
from shared.bus.service import Runtime
from shared.bus.streams import stream_of
from shared.contract.catalogue import AFFILIATION, COMMUNITY, CONTACT, PROGRAMME, ROOM, SEATING, FactKind
from shared.contract.facts.privacy import Erased
from shared.contract.subjects import Service
from shared.privacy.words import Words

_TERMS: tuple[tuple[FactKind, tuple[str, ...]], ...] = (
    (AFFILIATION, ("school", "department")),
    # Everybody's mails come from the mailbox.
    (COMMUNITY, ("name", "mailbox")),
    (PROGRAMME, ("title",)),
    (ROOM, ("name", "site")),
)


async def words_of(runtime: Runtime, community: str, person: str) -> Words:
    """Names and addresses that the person ever had here, but for those that somebody or something else has, too.

    For registrations and the notifier, which may follow contacts. Registrations keeps those of an erased person until
    the others have given their receipts. Those of a stranger in whose place somebody came are that person's.
    """
    tombstone = runtime.facts.get(CONTACT.ref(community, person))
    if tombstone is not None and isinstance(tombstone.state, Erased) and tombstone.state.successor is not None:
        return Words(())
    subject = CONTACT.ref(community, person).every_fact()
    contacts = [json.loads(body) for body in await history(runtime.bus, stream_of(Service.REGISTRATIONS), subject)]
    # The tombstone is among them, and has neither.
    texts = {str(each[field]) for each in contacts for field in ("name", "address") if field in each}
    return telling_words(texts, runtime.facts, community)


def telling_words(texts: Collection[str], facts: Facts, community: str) -> Words:
    """Those of somebody's names and addresses that tell who is meant.

    Nobody else has them, no school, room or programme is called so, and the community's own mailbox is another.
    """
    return Words.of(texts).without(_of_others(texts, facts, community))


def _of_others(texts: Collection[str], facts: Facts, community: str) -> Iterable[str]:
    for kind, fields in ((CONTACT, ("name", "address")), *_TERMS):
        for stored in facts.all(kind, community).values():
            # Few of very many are read.
            if any(map(stored.mentions, texts)):
                state = stored.state
                yield from filter(None, (getattr(state, field) for field in fields))
    for stored in facts.all(SEATING, community).values():
        if (place := stored.state.place) is not None:
            yield from (place.name, place.site)

"""By which words somebody is known here, as far as their contact still stands in the stream."""

from __future__ import annotations

import json

from shared.bus.erasing import history
from shared.bus.service import Runtime
from shared.bus.streams import stream_of
from shared.contract.catalogue import CONTACT
from shared.contract.subjects import Service
from shared.privacy.words import Words


async def words_of(runtime: Runtime, community: str, person: str) -> Words:
    """Names and addresses that the person ever had here, but for those that somebody else has, too.

    For registrations and the notifier, which may follow contacts. Registrations keeps those of an erased person until
    the others have given their receipts.
    """
    subject = CONTACT.ref(community, person).every_fact()
    contacts = [json.loads(body) for body in await history(runtime.bus, stream_of(Service.REGISTRATIONS), subject)]
    # The tombstone is among them, and has neither.
    words = Words.of(each[field] for each in contacts for field in ("name", "address") if field in each)
    texts = {str(each[field]) for each in contacts for field in ("name", "address") if field in each}
    others = (
        stored.state
        for stored in runtime.facts.all(CONTACT, community).values()
        # Few of very many are read.
        if any(map(stored.mentions, texts))
    )
    return words.without(text for each in others for text in (each.name, each.address))

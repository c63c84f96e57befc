"""Dead letters about an erased person: what is theirs leaves them, or they go as a whole."""

from __future__ import annotations

import json
from typing import Any

from nats.js.api import Header

from shared.bus.connection import Bus
from shared.bus.erasing import Found, erase_message, stored
from shared.bus.streams import DEADLETTERS
from shared.contract.envelope import digest
from shared.contract.subjects import deadletters_of
from shared.privacy.words import Words, names_person, without_person


async def erase_letters(bus: Bus, community: str, person: str, words: Words) -> None:
    """Destroy what dead letters of the community hold of the person. A letter about others, too, is kept without."""
    async for letters in stored(bus, DEADLETTERS, deadletters_of(community=community)):
        for letter in letters:
            state = letter.state()
            if not _tells(letter, state, person, words):
                continue
            rest = _rest(state, person, words)
            if rest is not None:
                await _keep(bus, letter, rest, person)
            await erase_message(bus, DEADLETTERS, letter.seq)


def _tells(letter: Found, state: Any, person: str, words: Words) -> bool:
    if isinstance(state, dict) and state.get("person") == person:
        return True
    return names_person(state, person) or words.stand_in(letter.body.decode("utf-8", "replace"))


def _rest(state: Any, person: str, words: Words) -> Any:
    """The letter's body without the person; None when nothing of it would be left, or nobody can read it."""
    if not isinstance(state, dict) or state.get("person") == person:
        return None
    rest = without_person(state, person, words)
    lists = [each for each in rest.values() if isinstance(each, list)]
    return rest if lists and all(lists) and not words.stand_in(json.dumps(rest, ensure_ascii=False)) else None


async def _keep(bus: Bus, letter: Found, rest: Any, person: str) -> None:
    headers = {name: value for name, value in letter.headers.items() if not name.lower().startswith("nats-")}
    headers[Header.MSG_ID] = digest(letter.seq, person)
    body = json.dumps(rest, ensure_ascii=False).encode()
    await bus.js.publish(letter.subject, body, stream=DEADLETTERS, headers=headers)

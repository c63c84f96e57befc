"""Dead letters: messages that we failed on, kept with the reason so that they can be replayed once it is mended."""

from __future__ import annotations

import json
import re
import traceback
from collections.abc import Mapping

from nats.js.api import Header

from shared.bus.connection import Bus
from shared.bus.streams import DEADLETTERS
from shared.contract.envelope import digest
from shared.contract.subjects import NOBODY, DeadLetterSubject, Service, token

# Names that CloudEvents allows; a header of any other name might not be publishable.
_ATTRIBUTE = re.compile(r"ce-[a-z0-9]+", re.IGNORECASE)


async def bury(
    bus: Bus, service: Service, *, community: str, subject: str, seq: int, headers: Mapping[str, str], body: bytes,
    error: Exception,
) -> None:  # fmt: skip
    """Keep a message of ``subject`` at ``seq`` that failed with ``error``. Burying it twice keeps it once."""
    identity = digest(subject, seq)
    place = "".join(traceback.format_tb(error.__traceback__)[-3:])
    letter = {
        **{name: value for name, value in headers.items() if _ATTRIBUTE.fullmatch(name)},
        Header.MSG_ID: identity,
        "tm-reason": type(error).__name__,
        "tm-place": " ".join(place.split())[:1000],
        "tm-original-subject": subject,
        "tm-original-seq": str(seq),
    }
    about = DeadLetterSubject(community, service, identity, _person(body))
    await bus.js.publish(str(about), body, stream=DEADLETTERS, headers=letter)


def _person(body: bytes) -> str:
    """Whom the message is about, as far as it says so."""
    try:
        return token(json.loads(body)["person"])
    except (ValueError, KeyError, TypeError):
        return NOBODY

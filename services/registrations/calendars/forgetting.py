"""Facts that a reading has replaced leave the stream.

A calendar that is read each hour would otherwise leave twenty thousand facts a year, and old busy times are nobody's
business. The last fact of an entity always stays.
"""

from __future__ import annotations

import logging

from nats.errors import Error as NatsError
from nats.js.errors import APIError

from shared.bus.service import Runtime
from shared.bus.streams import stream_of
from shared.contract.subjects import Service

log = logging.getLogger(__name__)


async def forget(runtime: Runtime, *seqs: int) -> None:
    """Delete those messages, overwritten on the disk. One that cannot be deleted now stays; it does no harm."""
    for seq in seqs:
        if seq == 0:
            continue
        try:
            await runtime.bus.js.delete_msg(stream_of(Service.REGISTRATIONS), seq)
        except (APIError, NatsError, TimeoutError, OSError) as error:
            log.debug("sequence %d stays: %s", seq, type(error).__name__)

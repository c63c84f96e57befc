"""Free ports on loopback, chosen before the processes start so that they stay the same over restarts."""

from __future__ import annotations

import socket
import sys
from collections import deque

LOOPBACK = "127.0.0.1"
_HELD: deque[socket.socket] = deque(maxlen=64)


def free_port() -> int:
    """A port that is free at this moment.

    On Linux nobody else is given it while this process lives, so that it is still free when its server starts, or
    starts anew. Only the last 64 are held.
    """
    probe = socket.socket()
    if sys.platform == "linux":
        # A server may bind to it all the same, as long as nobody listens; all of ours allow for that, too.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _HELD.append(probe)
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
    with probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])

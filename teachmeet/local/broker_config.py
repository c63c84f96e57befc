"""The configuration of a single-node broker: loopback, one nkey user per process, every message synced to disk."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from shared.bus.permissions import Permissions
from teachmeet.errors import CannotError
from teachmeet.local.folder import User


class ClusterBlockError(CannotError):
    """A standalone data folder must never be started with a cluster block: the server would delete its streams."""


def broker_config(*, port: int, store: Path, users: Iterable[tuple[User, Permissions]]) -> str:
    """The text of ``nats.conf``. No user is unauthenticated, and nothing listens beyond loopback."""
    lines = "\n".join(_user(user, allowed) for user, allowed in users)
    return f"""\
# Written by the local runner at each start.
server_name: teachmeet
listen: "127.0.0.1:{port}"
max_payload: 1MB
jetstream {{
  store_dir: {json.dumps(str(store))}
  sync_interval: always
  max_file_store: 64GB
}}
authorization {{
  users: [
{lines}
  ]
}}
"""


def _user(user: User, allowed: Permissions) -> str:
    answers = ', allow_responses: {max: 1, expires: "1m"}' if allowed.answers else ""
    publish, subscribe = _list(allowed.publish), _list(allowed.subscribe)
    permissions = f"{{publish: {{allow: {publish}}}, subscribe: {{allow: {subscribe}}}{answers}}}"
    return f"    {{nkey: {user.public_key}, permissions: {permissions}}}"


def _list(subjects: Iterable[str]) -> str:
    return json.dumps(list(subjects))


def refuse_cluster(config: Path) -> None:
    """Raise ClusterBlockError when somebody added a cluster block to a standalone configuration."""
    if config.exists() and any(line.split("{")[0].strip().startswith("cluster") for line in config.open()):
        raise ClusterBlockError(
            f"{config} has a cluster block; a standalone folder started with it loses its streams. "
            "Back up, start a new cluster and restore into it."
        )

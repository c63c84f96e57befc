"""The data folder: keys, broker files, mail. Survives restarts; one runner at a time."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import nkeys
from filelock import FileLock, Timeout

from teachmeet.errors import CannotError

_PRIVATE = 0o600


class FolderInUseError(CannotError):
    """Another runner holds the data folder."""


@dataclass(frozen=True)
class User:
    """One user of the broker: its public nkey, and the file with its seed."""

    name: str
    public_key: str
    seed_file: Path


class DataFolder:
    """Where a local system keeps everything. Secrets are made once, readable by their owner only."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = FileLock(self.path / "lock")

    @property
    def broker_store(self) -> Path:
        return self.path / "nats"

    @property
    def broker_config(self) -> Path:
        return self.path / "nats.conf"

    @property
    def mail(self) -> Path:
        return self.path / "mail"

    @property
    def logs(self) -> Path:
        folder = self.path / "logs"
        folder.mkdir(exist_ok=True)
        return folder

    @property
    def link_key(self) -> Path:
        """The HMAC key of signed links."""
        return self._secret("link.key")

    @property
    def people_key(self) -> Path:
        """The HMAC key under which addresses are claimed."""
        return self._secret("people.key")

    def acquire(self) -> None:
        """Hold the folder until ``release``. Raises FolderInUseError."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise FolderInUseError(f"{self.path} is in use by another running system; stop that one first") from None

    def release(self) -> None:
        self._lock.release()

    def user(self, name: str) -> User:
        """The user of that name; its key is made when it is first asked for."""
        seed_file = self._keys / f"{name}.nk"
        if not seed_file.exists():
            _write_private(seed_file, nkeys.encode_seed(secrets.token_bytes(32), nkeys.PREFIX_BYTE_USER).decode())  # type: ignore[no-untyped-call]  # nkeys has no types
        pair = nkeys.from_seed(seed_file.read_text().strip().encode())  # type: ignore[no-untyped-call]  # as above
        return User(name, pair.public_key.decode(), seed_file)

    @property
    def _keys(self) -> Path:
        folder = self.path / "keys"
        folder.mkdir(exist_ok=True, mode=0o700)
        return folder

    def _secret(self, name: str) -> Path:
        file = self._keys / name
        if not file.exists():
            _write_private(file, secrets.token_hex(32))
        return file


def _write_private(file: Path, text: str) -> None:
    """Write a whole file that only its owner can read; a crash leaves no half of it."""
    draft = file.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
    with os.fdopen(handle, "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(file)

"""A real IMAP server (Dovecot) on loopback, of the test's own: its port, its folder, one user."""

from __future__ import annotations

import getpass
import grp
import os
import pwd
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aioimaplib import IMAP4, Abort, Error

from teachmeet.local.ports import LOOPBACK, free_port
from teachmeet.local.processes import Child, ProcessSpec
from tests.processes import eventually

USER = "sessions"
PASSWORD = 'a "quoted\\ one'
WHERE = next(filter(None, (shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin") for name in ("dovecot",))), None)

_CONFIGURATION = """\
protocols = imap
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
listen = {host}
ssl = no
disable_plaintext_auth = no
{users}
mail_location = maildir:~/mail
first_valid_uid = 1
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
namespace inbox {{
  inbox = yes
}}
"""


@dataclass(frozen=True)
class ImapServer:
    """A running server; killed, it is started anew."""

    port: int
    child: Child

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[IMAP4]:
        client = IMAP4(LOOPBACK, self.port, timeout=60.0)
        try:
            await client.wait_hello_from_server()
            await client.login(USER, PASSWORD)
            yield client
            await client.logout()
        finally:
            if client.protocol is not None and client.protocol.transport is not None:
                client.protocol.transport.close()

    async def receive(self, mail: bytes) -> None:
        """Have a mail arrive in the inbox."""
        async with self.connection() as client:
            assert (await client.append(mail)).result == "OK"

    async def flags(self, folder: str = "INBOX") -> list[set[str]]:
        """The flags of every mail in a folder, oldest first."""
        async with self.connection() as client:
            if (await client.select(folder)).result != "OK":
                return []
            lines = (await client.fetch("1:*", "(FLAGS)")).lines
            found = [bytes(line).decode() for line in lines if b"FLAGS (" in bytes(line)]
            return [set(line.split("FLAGS (")[1].split(")")[0].split()) for line in found]


@asynccontextmanager
async def imap_server() -> AsyncIterator[ImapServer]:
    """A server with an empty inbox."""
    assert WHERE is not None, "the test that needs it is skipped without it"
    port = free_port()
    # Paths of Unix sockets are short, and other users must find them.
    with tempfile.TemporaryDirectory(prefix="imap") as name:
        folder = Path(name)
        command = (WHERE, "-F", "-c", str(_configured(folder, port)))
        child = Child(ProcessSpec("dovecot", command, folder / "out.log"))
        await child.start()
        server = ImapServer(port, child)
        try:
            await eventually(lambda: _answers(server), within=120)
            yield server
        finally:
            await child.stop()
            print(_told(folder))


def _configured(folder: Path, port: int) -> Path:
    """The configuration file. Started by root, the server runs under users of its package; else under the starter's."""
    as_root = os.getuid() == 0
    owner = pwd.getpwnam("dovecot" if as_root else getpass.getuser())
    group = grp.getgrgid(owner.pw_gid).gr_name
    users = f"default_internal_user = {owner.pw_name}\ndefault_internal_group = {group}\n"
    users += "" if as_root else f"default_login_user = {owner.pw_name}\n"
    folder.chmod(0o755)
    (folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
    (folder / "home").mkdir()
    os.chown(folder / "home", owner.pw_uid, owner.pw_gid)
    values = {"users": users, "uid": owner.pw_uid, "gid": owner.pw_gid, "port": port, "host": LOOPBACK}
    file = folder / "dovecot.conf"
    file.write_text(_CONFIGURATION.format(folder=folder, **values))
    return file


def _told(folder: Path) -> str:
    return "".join(log.read_text()[-2000:] for log in folder.glob("*.log"))


async def _answers(server: ImapServer) -> bool:
    try:
        return await server.flags() == []
    except (OSError, TimeoutError, AssertionError, Abort, Error):
        return False

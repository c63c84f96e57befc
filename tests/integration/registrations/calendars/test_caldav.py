"""A real CalDAV server (radicale), over TLS and with a password, asked for free-busy times alone."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, make_server

import httpx
import pytest
from calendar_people import Serving, settle_in, shown_when
from radicale import config
from radicale.app import Application

from shared.bus.client import Requester
from shared.contract.commands.calendars import ConnectCalendar
from shared.contract.facts.calendars import CalendarKind, ReadProblem
from shared.contract.subjects import Service
from shared.contract.values import Answer
from teachmeet.local.folder import DataFolder
from tests.calendar_server import calendar, event
from tests.clock import CLOCK
from tests.integration.notifier.tls_server import certificate

DAY = (CLOCK.now() + timedelta(days=10)).strftime("%Y%m%d")
_MAKE = """<?xml version="1.0"?>
<mkcalendar xmlns="urn:ietf:params:xml:ns:caldav"><set xmlns="DAV:"><prop/></set></mkcalendar>"""


@dataclass(frozen=True)
class Store:
    """A calendar of ``amara``, whose password is ``three quiet geese``."""

    client: httpx.Client
    port: int
    ca_file: Path

    def put(self, name: str, *events: str) -> None:
        headers = {"content-type": "text/calendar"}
        self.client.put(f"/amara/work/{name}.ics", content=calendar(*events), headers=headers).raise_for_status()


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = certificate(tmp_path)
    users = tmp_path / "users"
    users.write_text("amara:three quiet geese\n")
    settings = config.load()
    settings.update(
        {
            "storage": {"filesystem_folder": str(tmp_path / "calendars")},
            "auth": {"type": "htpasswd", "htpasswd_filename": str(users), "htpasswd_encryption": "plain", "delay": "0"},
            "logging": {"level": "critical"},
        },
        "test",
    )
    with make_server("127.0.0.1", 0, Application(settings), handler_class=_Quiet) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(made.certificate, made.key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            with httpx.Client(
                base_url=f"https://127.0.0.1:{server.server_port}",
                auth=("amara", "three quiet geese"),
                verify=ssl.create_default_context(cafile=str(made.certificate)),
                timeout=60.0,
            ) as client:
                client.request("MKCALENDAR", "/amara/work/", content=_MAKE).raise_for_status()
                yield Store(client, server.server_port, made.certificate)
        finally:
            server.shutdown()
            thread.join()


def settings(store: Store) -> dict[str, str]:
    return {
        "TEACHMEET_CALENDAR_PORTS": json.dumps([store.port]),
        "TEACHMEET_CALENDAR_CA_FILE": str(store.ca_file),
        "TEACHMEET_CALENDAR_HTTP": "false",
    }


def connecting(store: Store, path: str = "/amara/work/", password: str = "three quiet geese") -> ConnectCalendar:
    return ConnectCalendar(
        person="p-001",
        source="caldav",
        kind=CalendarKind.CALDAV,
        url=f"https://127.0.0.1:{store.port}{path}",
        user="amara",
        password=password,
    )


async def test_busy_and_tentative_times_are_asked_of_a_caldav_server_and_nothing_else_is_kept(
    reading: Serving, desk: Requester, store: Store, folder: DataFolder
) -> None:
    store.put("one", event(f"{DAY}T090000Z", f"{DAY}T100000Z", uid="one", title="Fertility clinic"))
    store.put("two", event(f"{DAY}T110000Z", f"{DAY}T120000Z", "STATUS:TENTATIVE", uid="two"))
    store.put("three", event(f"{DAY}T130000Z", f"{DAY}T140000Z", "TRANSP:TRANSPARENT", uid="three"))
    async with reading(**settings(store)):
        await settle_in(desk)
        await desk.command(Service.REGISTRATIONS, connecting(store))
        found = await shown_when(desk, lambda each: bool(each.sources and each.sources[0].windows))
    assert [(each.answer, each.start.hour) for each in found.sources[0].windows if each.kind == "dated"] == [
        (Answer.NO, 9),
        (Answer.IF_NEED_BE, 11),
    ]
    everything = b"".join(each.read_bytes() for each in folder.path.rglob("*") if each.is_file())
    assert b"p-001" in everything
    assert not [word for word in (b"Fertility", b"three quiet geese", b"/amara/work") if word in everything]


@pytest.mark.parametrize(
    ("path", "password", "problem"),
    [
        ("/amara/work/", "two loud geese", ReadProblem.SIGN_IN),
        ("/amara/nothing/", "three quiet geese", ReadProblem.GONE),
    ],
)
async def test_a_caldav_server_that_refuses_is_told_as_what_it_is(
    reading: Serving, desk: Requester, store: Store, path: str, password: str, problem: ReadProblem
) -> None:
    async with reading(**settings(store)):
        await settle_in(desk)
        await desk.command(Service.REGISTRATIONS, connecting(store, path, password))
        found = await shown_when(desk, lambda each: bool(each.calendars and each.calendars[0].problem))
    assert found.calendars[0].problem is problem
    assert found.sources[0].windows == ()

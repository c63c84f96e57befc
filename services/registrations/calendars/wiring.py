"""The parts that read calendars, put together from the settings."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from services.registrations.calendars.addresses import AddressRules
from services.registrations.calendars.desk import CalendarDesk
from services.registrations.calendars.fetching import Fetcher
from services.registrations.calendars.network import Network
from services.registrations.calendars.outcomes import Timing
from services.registrations.calendars.polling import CalendarPoller
from services.registrations.calendars.reader import CalendarReader
from services.registrations.calendars.reading import CalendarReading
from services.registrations.calendars.sealing import Seal
from services.registrations.settings import RegistrationsSettings
from shared.bus.service import Runtime


@asynccontextmanager
async def calendars(runtime: Runtime, settings: RegistrationsSettings) -> AsyncIterator[CalendarDesk]:
    """Calendars are read for as long as the block lasts; the desk answers what is asked about them."""
    rules = AddressRules(Network(settings.calendar_networks), settings.calendar_http, settings.calendar_ports)
    timing = Timing(settings.calendar_every, settings.calendar_grace, settings.calendar_lease)
    seal = Seal(settings.people_key())
    fetcher = Fetcher(rules, trust=_trust(settings))
    # Somebody waits for the answer to an upload; it does not wait behind calendars that are read by and by.
    polled, uploaded = CalendarReader(), CalendarReader()
    poller = CalendarPoller(runtime, CalendarReading(seal, fetcher, polled), timing)
    async with polled.running(), uploaded.running(), poller.running():
        yield CalendarDesk(runtime, seal, rules, uploaded)


def _trust(settings: RegistrationsSettings) -> ssl.SSLContext:
    trust = httpx.create_ssl_context(trust_env=False)
    if settings.calendar_ca_file is not None:
        trust.load_verify_locations(settings.calendar_ca_file)
    return trust

"""Reading a calendar over HTTP, from whatever server people name, with limits on everything.

A name is resolved once; its addresses are checked, and the connection goes to one of those, so a name that changes its
mind in between (DNS rebinding) changes nothing. Host and certificate are still the name's. Every redirect is a new
address, checked anew.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from services.registrations.calendars.addresses import AddressError, AddressRules, parsed_url
from services.registrations.calendars.network import ClosedAddressError, IPAddress, NoSuchHostError
from services.registrations.calendars.responses import Fetched, FetchError, content_of
from services.registrations.calendars.sealing import CalendarAddress
from shared.contract.facts.calendars import ReadProblem

# They log addresses, which are secrets here, at levels that an operator may well switch on.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

_STEP_SECONDS = httpx.Timeout(10.0, connect=5.0)
_MOVED = {301, 302, 303, 307, 308}


@dataclass(frozen=True)
class Limits:
    """What one reading may cost."""

    seconds: float = 30.0
    bytes: int = 10 * 1024 * 1024
    redirects: int = 5


@dataclass(frozen=True)
class Question:
    """One request: a plain GET, or a report of CalDAV."""

    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


class Fetcher:
    """Reads calendars by the given rules."""

    def __init__(
        self, rules: AddressRules, limits: Limits | None = None, *, trust: ssl.SSLContext | None = None
    ) -> None:
        self._rules = rules
        self._limits = limits or Limits()
        self._trust = trust or httpx.create_ssl_context(trust_env=False)

    async def fetch(self, address: CalendarAddress, question: Question) -> Fetched:
        """What the server answers. Raises FetchError."""
        try:
            async with asyncio.timeout(self._limits.seconds):
                return await self._follow(address, question)
        except TimeoutError:
            raise FetchError(ReadProblem.TOO_SLOW) from None
        except AddressError:
            raise FetchError(ReadProblem.CLOSED_ADDRESS) from None

    async def _follow(self, address: CalendarAddress, question: Question) -> Fetched:
        url = parsed_url(address.url, self._rules)
        origin = _origin(url)
        for _ in range(self._limits.redirects + 1):
            # Credentials are for the host that they were given for.
            auth = _auth(address) if _origin(url) == origin else None
            async with self._answer(url, question, auth) as response:
                if response.status_code not in _MOVED:
                    return await content_of(response, self._limits.bytes)
                location = response.headers.get("location")
            if location is None:
                raise FetchError(ReadProblem.REFUSED)
            url = self._next(url, location)
        raise FetchError(ReadProblem.REDIRECTS)

    def _next(self, url: httpx.URL, location: str) -> httpx.URL:
        try:
            following = parsed_url(str(url.join(location)), self._rules)
        except (httpx.InvalidURL, ValueError):
            raise FetchError(ReadProblem.REFUSED) from None
        if url.scheme == "https" and following.scheme != "https":
            raise FetchError(ReadProblem.CLOSED_ADDRESS)
        return following

    @asynccontextmanager
    async def _answer(
        self, url: httpx.URL, question: Question, auth: httpx.BasicAuth | None
    ) -> AsyncIterator[httpx.Response]:
        port = url.port or (443 if url.scheme == "https" else 80)
        try:
            addresses = await self._rules.network.addresses(_host(url), port)
        except ClosedAddressError:
            raise FetchError(ReadProblem.CLOSED_ADDRESS) from None
        except NoSuchHostError:
            raise FetchError(ReadProblem.UNREACHABLE) from None
        transport = httpx.AsyncHTTPTransport(verify=self._trust, trust_env=False, http2=False, retries=0)
        async with httpx.AsyncClient(
            transport=transport, trust_env=False, timeout=_STEP_SECONDS, follow_redirects=False
        ) as client:
            response = await _first_answer(client, url, addresses, question, auth)
            try:
                yield response
            except httpx.TimeoutException:
                raise FetchError(ReadProblem.TOO_SLOW) from None
            except (httpx.HTTPError, OSError):
                raise FetchError(ReadProblem.UNREACHABLE) from None
            finally:
                await response.aclose()


async def _first_answer(
    client: httpx.AsyncClient,
    url: httpx.URL,
    addresses: tuple[IPAddress, ...],
    question: Question,
    auth: httpx.BasicAuth | None,
) -> httpx.Response:
    """The answer of the first address that takes a connection."""
    headers = {"host": url.netloc.decode("ascii"), "accept-encoding": "gzip", "user-agent": "teachmeet-scheduler"}
    problem = ReadProblem.UNREACHABLE
    for address in addresses:
        request = client.build_request(
            question.method,
            url.copy_with(host=str(address)),
            headers=headers | dict(question.headers),
            content=question.body,
            extensions={"sni_hostname": _host(url)},
        )
        try:
            return await client.send(request, stream=True, auth=auth)
        except httpx.TimeoutException:
            problem = ReadProblem.TOO_SLOW
        except (httpx.HTTPError, httpx.InvalidURL, OSError):
            problem = ReadProblem.UNREACHABLE
    raise FetchError(problem)


def _host(url: httpx.URL) -> str:
    """The host as DNS and certificates know it."""
    return url.raw_host.decode("ascii")


def _auth(address: CalendarAddress) -> httpx.BasicAuth | None:
    if address.user is None or address.password is None:
        return None
    return httpx.BasicAuth(address.user, address.password)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port

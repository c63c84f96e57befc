"""What a run left behind, in the form in which two runs are compared: no times, sequences or attempts."""

from __future__ import annotations

import email
import email.policy
import json
from collections import defaultdict
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from icalendar import Calendar

from shared.bus.connection import Bus
from shared.contract.catalogue import FACTS, RELEASE
from shared.contract.facts.scheduler import Release
from shared.contract.subjects import Service
from teachmeet.keepsakes import all_facts

_LEFT_OUT: dict[str, Any] = {"applied": True, "input_seq": True}
# When something was taken in, or somebody got a seat or began to wait for one, differs from run to run.
_TIMES: dict[str, dict[str, Any]] = {
    "proposal": {"submitted_at": True, "accepted_at": True, "begun_at": True, "link_wanted": True},
    "confirmation": {"asked": True, "answered_at": True},
    "person-seats": {"seats": {"__all__": {"since"}}},
    "seating": {"waiting": {"__all__": {"since"}}, "offers": {"__all__": {"since", "offered_at", "expires"}}},
}

Sent = tuple[str, str, int, str]
"""Message-ID, method, SEQUENCE, recipient."""


@dataclass(frozen=True)
class Evidence:
    """Two undisturbed runs have equal evidence."""

    registrations: dict[str, dict[str, Any]]
    releases: dict[int, Any]
    mails: frozenset[Sent]


async def evidence(bus: Bus, mail: Path, community: str) -> Evidence:
    facts = await all_facts(bus)
    registrations = {
        stored.ref.fact(stored.what): stored.state.model_dump(
            mode="json", exclude=_LEFT_OUT | _TIMES.get(kind.entity, {})
        )
        for kind in FACTS
        if kind.service is Service.REGISTRATIONS
        for stored in facts.all(kind, community).values()
    }
    releases = {each.number: each.placements for each in facts.states(RELEASE, Release, community).values()}
    return Evidence(registrations, releases, frozenset(transmissions(mail)))


def transmissions(mail: Path) -> dict[Sent, list[bytes]]:
    """The bytes of every transmission, by what was sent."""
    found: dict[Sent, list[bytes]] = defaultdict(list)
    for file in sorted(mail.glob("*.eml")):
        raw = file.read_bytes()
        found[_sent(email.message_from_bytes(raw, policy=email.policy.default))].append(raw)
    return dict(found)


def _sent(message: EmailMessage) -> Sent:
    (part,) = (part for part in message.walk() if part.get_content_type() == "text/calendar")
    calendar = Calendar.from_ical(part.get_content())
    (event,) = calendar.walk("VEVENT")
    method = str(calendar["METHOD"])
    assert part["Content-Type"].params["method"] == method
    return str(message["Message-ID"]), method, int(event["SEQUENCE"]), str(message["To"].addresses[0].addr_spec)


async def doubted(bus: Bus) -> set[str]:
    """The Message-IDs for which a doubt was ever recorded."""
    found = set()
    js = bus.client.jetstream(timeout=60.0)
    subscription = await js.subscribe("tm.*.notifier.v1.evt.invite.*.*.*.in-doubt", ordered_consumer=True)
    info = await js.stream_info("NOTIFIER", subjects_filter="tm.*.notifier.v1.evt.invite.*.*.*.in-doubt")
    for _ in range(sum((info.state.subjects or {}).values())):
        found.add(json.loads((await subscription.next_msg(timeout=60)).data)["message_id"])
    await subscription.unsubscribe()
    return found

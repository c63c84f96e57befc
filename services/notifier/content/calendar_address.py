"""Organiser and attendee as calendars take them (RFC 5545, 3.8.4)."""

from __future__ import annotations

from icalendar import vCalAddress
from icalendar.parser import Parameters

from services.notifier.content.printable import line
from shared.contract.facts.notifier import Method
from shared.contract.facts.registrations import Community, Contact
from shared.contract.facts.replies import PartStat


class _NamedParameters(Parameters):
    """Parameters whose CN is always quoted: some readers drop a name with other than ASCII letters that is not."""

    always_quoted = (*Parameters.always_quoted, "CN")  # type: ignore[assignment]  # typed there by its length


def organiser(community: Community, reply_to: str | None) -> vCalAddress:
    """Who invites, at the address that answers go to: ``reply_to``, or else the community's mailbox."""
    return _address(reply_to or community.mailbox, community.organiser)


def attendee(recipient: Contact, method: Method, partstat: PartStat | None) -> vCalAddress:
    """The one who is invited. Without an answer that stands they are asked for one."""
    asked = {"RSVP": "TRUE"} if method is Method.REQUEST and partstat is None else {}
    answer = "NEEDS-ACTION" if partstat is None else partstat.upper()
    role = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": answer}
    return _address(recipient.address, recipient.name, **role, **asked)


def _address(address: str, name: str, **parameters: str) -> vCalAddress:
    calendar_address = vCalAddress(f"mailto:{line(address)}")
    # Few readers know how RFC 6868 writes a double quote in a parameter.
    calendar_address.params = _NamedParameters(CN=line(name).replace('"', "'"), **parameters)
    return calendar_address

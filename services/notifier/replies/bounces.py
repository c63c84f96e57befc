"""What a delivery report means: an address that takes no mail, or something that a human has to look at."""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.notifier.replies.incoming import DeliveryReport, RecipientStatus

_PERMANENT = re.compile(r"5\.(?P<subject>\d{1,3})\.(?P<detail>\d{1,3})$")
# Not the address's fault: mailbox full, message too large (RFC 3463, 3.3); network, protocol and policy are 3.4-3.8.
_ABOUT_MAIL_OR_MOMENT = frozenset({(2, 2), (2, 3)})
_SENDERS_ADDRESS = frozenset({(1, 7), (1, 8)})
_ABOUT_ADDRESS = frozenset({1, 2})


@dataclass(frozen=True)
class Bounce:
    """A mail did not arrive. ``takes_none``: because the ``recipient``'s address takes no mail at all."""

    told: str
    recipient: str
    takes_none: bool

    def ends_mail_to(self, address: str) -> bool:
        """Whether nothing more should go to that address. The report may be late, about one that was given up since."""
        return self.takes_none and self.recipient == address.lower()


def bounce(report: DeliveryReport) -> Bounce | None:
    """The failure that a report tells of; None when it tells only of delays or of success."""
    failed = [each for each in report.statuses if each.action == "failed"]
    if not failed:
        return None
    worst = min(failed, key=lambda each: not _is_about_address(each))
    told = " ".join(filter(None, (worst.status, worst.diagnostic)))
    return Bounce(told or "the report gives no reason", worst.recipient, _is_about_address(worst))


def _is_about_address(status: RecipientStatus) -> bool:
    found = _PERMANENT.match(status.status)
    if found is None:
        return False
    code = int(found["subject"]), int(found["detail"])
    return code[0] in _ABOUT_ADDRESS and code not in _ABOUT_MAIL_OR_MOMENT | _SENDERS_ADDRESS

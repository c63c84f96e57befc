"""What each problem of a calendar means, and what its owner can do."""

from __future__ import annotations

from shared.contract.facts.calendars import ReadProblem

ADVICE: dict[ReadProblem, str] = {
    ReadProblem.UNREACHABLE: "its server does not answer; it is tried again by itself",
    ReadProblem.TOO_SLOW: "its server takes too long; it is tried again by itself",
    ReadProblem.CLOSED_ADDRESS: "its address leads into a private network; connect an address on the public internet",
    ReadProblem.SIGN_IN: "its server wants other credentials; connect it again with user and password",
    ReadProblem.GONE: "there is no calendar at its address any more; connect its new address",
    ReadProblem.REFUSED: "its server refuses; check the address and connect it again",
    ReadProblem.SERVER_TROUBLE: "its server has trouble; it is tried again by itself",
    ReadProblem.REDIRECTS: "its address leads from one to the next without end; connect the final address",
    ReadProblem.TOO_LARGE: "it is larger than 10 MB; share a calendar with fewer past entries",
    ReadProblem.TOO_COSTLY: "it has more entries, or series, than can be read; share a simpler calendar",
    ReadProblem.NO_CALENDAR: "there is no whole calendar at its address, but a page to sign in; use its iCal address",
    ReadProblem.NO_FREE_BUSY: "its server does not answer free-busy questions there; connect its iCal address instead",
    ReadProblem.UNSEALABLE: "its address was kept under another key; connect it again",
}

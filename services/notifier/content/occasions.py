"""Why a person gets a mail about a session, and what it says because of that.

Texts are marked by ``_`` for the catalogs and translated when they are said.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from services.notifier.planning.message import MessageDue
from shared.contract.facts.notifier import CancelKind, Method
from shared.contract.facts.replies import PartStat


def _(text: str) -> str:
    return text


@dataclass(frozen=True)
class Wording:
    """Subject, opening and request of a mail; ``holds`` tells that the session stays in the calendar."""

    subject: str
    opening: str
    request: str
    holds: bool = True


_PRESS_YES = _(
    'Please press "Yes" in this invitation: some mail programs, Gmail among them, put it into your calendar only '
    "after you have answered."
)
_OUT_OF_CALENDAR = _("This mail takes the session out of your calendar. If it is still there, please remove it.")
ANSWER_STANDS = _("Your answer stands; there is no need to give it again.")
OTHER_DATES_STAY = _("Only this date is meant; the others stay as they are.")

ANSWER_WORDS = {PartStat.ACCEPTED: _("Coming"), PartStat.TENTATIVE: _("Maybe"), PartStat.DECLINED: _("Cannot come")}


class Occasion(Enum):
    """Why a person gets a mail."""

    INVITED = Wording(_("Invitation: %(title)s, %(day)s, %(time)s"), _('you have a seat in "%(title)s".'), _PRESS_YES)
    CHANGED = Wording(
        _("Changed: %(title)s, %(day)s, %(time)s"), _('"%(title)s" has changed. Your seat is kept.'), _PRESS_YES
    )
    ASKED_AGAIN = Wording(
        _("As it stands: %(title)s, %(day)s, %(time)s"),
        _('your calendar has asked how "%(title)s" stands. Nothing has changed.'),
        _PRESS_YES,
    )
    COUNTER_DECLINED = Wording(
        _("Stays as it is: %(title)s, %(day)s, %(time)s"),
        _('we cannot move "%(title)s" to the time that you proposed. It stays when it was.'),
        _("If you cannot come then, please answer the invitation with no, so that somebody else gets your seat."),
    )
    OCCURRENCE_OFF = Wording(
        _("Date cancelled: %(title)s, %(day)s, %(time)s"),
        _('"%(title)s" will not take place on this date.'),
        _("This mail takes the date out of your calendar. If it is still there, please remove it."),
        holds=False,
    )
    DATE_GIVEN_BACK = Wording(
        _("Date given back: %(title)s, %(day)s, %(time)s"),
        _('your seat in "%(title)s" on this date was given back. The session itself takes place without you.'),
        _("This mail takes the date out of your calendar. If it is still there, please remove it."),
        holds=False,
    )
    SESSION_OFF = Wording(
        _("Cancelled: %(title)s, %(day)s, %(time)s"),
        _('"%(title)s" will not take place as announced: the session has left the programme.'),
        _OUT_OF_CALENDAR,
        holds=False,
    )
    SEAT_GIVEN_BACK = Wording(
        _("Seat given back: %(title)s, %(day)s, %(time)s"),
        _('your seat in "%(title)s" was given back. The session itself takes place without you.'),
        _OUT_OF_CALENDAR,
        holds=False,
    )

    @classmethod
    def of(cls, message: MessageDue) -> Occasion:
        if message.method is Method.DECLINECOUNTER:
            return cls.COUNTER_DECLINED
        if message.method is Method.REQUEST:
            return cls._of_request(message)
        match message.cancels:
            case CancelKind.SESSION:
                return cls.SESSION_OFF
            case CancelKind.OCCURRENCE:
                return cls.DATE_GIVEN_BACK if message.gives_back else cls.OCCURRENCE_OFF
        return cls.SEAT_GIVEN_BACK

    @classmethod
    def _of_request(cls, message: MessageDue) -> Occasion:
        if message.before is None:
            return cls.INVITED
        return cls.ASKED_AGAIN if message.again else cls.CHANGED

"""Tasks of the courier: what can be done about one mail now, or what it waits for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from services.notifier.delivery.holding import Hold, Holding
from services.notifier.delivery.life import NextStep
from services.notifier.delivery.outgoing_notice import OutgoingNotice
from services.notifier.notices.urgency import presses
from services.notifier.planning.message import MessageDue
from shared.contract.catalogue import INVITE, NOTICE
from shared.contract.facts.notices import Notice
from shared.contract.facts.notifier import CalendarEntry, Invite
from shared.contract.facts.registrations import Community, Contact
from shared.contract.subjects import EntityRef


@dataclass(frozen=True)
class Task:
    """One thing to do about one mail: the first (``message``), or a step of what was begun (``last``)."""

    community: Community
    contact: Contact
    step: NextStep = NextStep.TRANSMIT_AGAIN
    seq: int = 0
    """of the fact that this was planned from; 0 for what is new"""
    last: Invite | Notice | None = None
    message: MessageDue | OutgoingNotice | None = None
    hold: Hold | None = None
    """what it waits for, although it is due"""

    @property
    def subject(self) -> MessageDue | OutgoingNotice | Invite | Notice:
        """What the mail says."""
        found = self.message or self.last
        assert found is not None, "a task is about a mail"
        return found

    @property
    def key(self) -> EntityRef:
        """The mail's own facts."""
        match self.subject:
            case MessageDue() | Invite() as invitation:
                ids = (invitation.person, invitation.session, str(invitation.n))
                return INVITE.ref(self.community.community, *ids)
            case OutgoingNotice() as outgoing:
                return outgoing.ref
            case Notice() as notice:
                return NOTICE.ref(self.community.community, notice.person, notice.kind, notice.about, notice.occasion)

    @property
    def about(self) -> str:
        """The session, or what else the mail is about."""
        subject = self.subject
        return subject.session if isinstance(subject, MessageDue | Invite) else subject.about

    @property
    def address(self) -> str:
        return self.contact.address

    @property
    def transmits(self) -> bool:
        """Whether a mail goes out, or only a fact is recorded."""
        return self.step is not NextStep.RECORD_DOUBT

    def presses(self, now: datetime) -> tuple[datetime, ...]:
        """The instants that make it urgent when they are near: a session's start, by the message and the calendar."""
        match self.subject:
            case MessageDue() as message:
                before = () if message.before is None else _starts(message.before, message.occurrence, now)
                return (*_starts(message.entry, message.occurrence, now), *before)
            case Invite() as invite:
                return _starts(invite.entry, invite.occurrence, now)
            case OutgoingNotice() | Notice() as notice:
                return presses(notice.kind, notice.ends_at, now)

    def held(self, holding: Holding, now: datetime) -> Task:
        """The same with what it waits for, if it waits."""
        if not self.transmits:
            return self
        name = self.community.community
        return replace(self, hold=holding.hold(name, self.contact, self.about, self.presses(now), now))

    def barred(self, holding: Holding) -> Task:
        """The same with what keeps it back until somebody does something about that, if there is such a thing."""
        return replace(self, hold=holding.bar(self.community.community, self.contact))


def _starts(entry: CalendarEntry, occurrence: datetime | None, now: datetime) -> tuple[datetime, ...]:
    """Of a series, the starts of the date that is meant, or else of those that are still to come."""
    if occurrence is not None:
        return (entry.occurrence(occurrence).start,)
    if not entry.dates:
        return (entry.start,)
    return tuple(each.start for each in map(entry.occurrence, entry.dates) if each.ends_at() > now)


@dataclass(frozen=True)
class SingleMail:
    """A mail to somebody who need not be known, of which no fact tells: it is tried once, or not at all."""

    community: Community
    address: str
    mail: bytes

    transmits = True


Work = Task | SingleMail

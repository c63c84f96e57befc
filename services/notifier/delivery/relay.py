"""Whether the mail server is to be used just now. One that refuses us, or is away, is tried with one mail at a time.

A refused login or an unreachable server concerns every mail alike. Without a pause, each of them would be claimed,
tried and put off by itself; with one, the rest waits untouched, and the organiser is told what is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.notifier.delivery.outcome import Deferred, Misconfigured, Outcome

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 300.0
_LONGEST_ABSENCE = 15.0
_POLICY_REFUSALS = 3


@dataclass(frozen=True)
class Relay:
    """What the last outcomes say about the mail server. Times are seconds of one process's monotonic clock.

    ``trouble`` says what is wrong, in words for the organiser; None while nothing is. ``closed_until`` ends a pause,
    after which one mail is a probe: it opens the relay, or begins a longer pause.
    """

    trouble: str | None = None
    closed_until: float = 0.0
    pauses: int = 0
    policy_refusals: int = 0

    @property
    def is_open(self) -> bool:
        """Whether as many mails as there are connections may be on their way."""
        return self.trouble is None

    def may_probe(self, now: float) -> bool:
        """Whether one mail may find out how things are."""
        return now >= self.closed_until

    def after(self, outcome: Outcome, now: float) -> Relay:
        """What is known once an attempt has ended so.

        Policies (5.7.x) close the relay only when several mails in a row meet them; one alone may be about its
        recipient.
        """
        match outcome:
            case Misconfigured(answer, certain=True):
                return self._closed(f"the mail server refuses us: {answer}", now, _LONGEST_PAUSE)
            case Misconfigured(answer, _) if self.policy_refusals + 1 >= _POLICY_REFUSALS:
                return self._closed(f"the mail server refuses every mail: {answer}", now, _LONGEST_PAUSE)
            case Misconfigured(_, _):
                return replace(self, policy_refusals=self.policy_refusals + 1)
            case Deferred(answer, reached=False):
                return self._closed(f"the mail server is away: {answer}", now, _LONGEST_ABSENCE)
        return Relay()

    def _closed(self, trouble: str, now: float, longest: float) -> Relay:
        if now < self.closed_until:
            # Mails that were on their way when it closed tell nothing new.
            return self
        pause = min(_FIRST_PAUSE * 2.0 ** min(self.pauses, 16), longest)
        return Relay(trouble, now + pause, self.pauses + 1, self.policy_refusals)

"""What can be wrong with an evening, a draw or a re-flow. Every message names the field and what is allowed."""

from __future__ import annotations

from services.scheduler.errors import SchedulerError


class RunningOrderError(SchedulerError):
    """Something given does not follow its form, or does not go with the rest; the message says what is allowed."""

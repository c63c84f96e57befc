"""The main job as a story in two acts, told on any running system: the demo prints it, the fault test disturbs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shared.bus.client import Requester
from shared.contract.authority import ORGANISER
from shared.contract.commands.notifier import Delivery
from shared.contract.commands.scheduler import Attendance, PlanShown
from shared.contract.facts.scheduler import Limits, PlanMode, Progress, Release
from teachmeet.local.system import LocalSystem
from teachmeet.organiser import Imported, Organiser
from teachmeet.partner import PartnerSystem, Result
from teachmeet.sample import PARTNER, Sample

# One worker, a fixed seed and CP-SAT's own clock: the same plan on any machine.
DETERMINISTIC = Limits(seconds=None, deterministic=8.0, workers=1, seed=1)
_PATIENCE = 120.0


@dataclass(frozen=True)
class Intake:
    """What became of everything that was sent in."""

    settings: Imported
    partner: list[Result]
    members: Imported
    seq: int


@dataclass(frozen=True)
class Act:
    """One release: the draft it came from, itself, who can attend, and what was sent."""

    draft: PlanShown
    release: Release
    attendance: Attendance
    delivery: Delivery


class Story:
    """Plays the sample on a system. Every step may be repeated: each command keeps its id."""

    def __init__(self, system: LocalSystem, sample: Sample, limits: Limits = DETERMINISTIC) -> None:
        self._system = system
        self._sample = sample
        self._limits = limits

    async def intake(self) -> Intake:
        """The community is set up; the partner and the members send everything in."""
        async with self._system.connection("cli") as cli, self._system.connection(PARTNER) as partner_bus:
            organiser = Organiser(Requester(cli, self._sample.community, ORGANISER, patience=_PATIENCE))
            settings = await organiser.import_drafts(self._sample.settings)
            partner = await PartnerSystem(partner_bus, self._sample.community).feed(self._sample.partner_rows)
            members = await organiser.import_drafts(self._sample.members_rows)
            submitted = {str(row.payload["proposal"]) for row in members.accepted if row.entity == "proposal"}
            accepted = await organiser.accept(each for each in self._sample.proposals() if each in submitted)
        seq = max(settings.seq, members.seq, accepted, *(_seq(result) for result in partner))
        return Intake(settings, partner, members, seq)

    async def second_act_changes(self) -> Imported:
        """A room is lost, and a presenter's availability changes."""
        async with self._system.connection("cli") as cli:
            organiser = Organiser(Requester(cli, self._sample.community, ORGANISER, patience=_PATIENCE))
            return await organiser.import_drafts(self._sample.act_two)

    async def act(
        self,
        number: int,
        *,
        at_least_seq: int,
        on_progress: Callable[[Progress], None] = lambda _: None,
        on_draft: Callable[[PlanShown], None] = lambda _: None,
        on_delivery: Callable[[Delivery], None] = lambda _: None,
    ) -> Act:
        """Ask for a schedule, release it, and wait until every message about it is delivered."""
        programme = self._sample.programme
        mode = PlanMode.FRESH if number == 1 else PlanMode.FEW_MOVES
        async with self._system.connection("cli") as cli:
            organiser = Organiser(Requester(cli, self._sample.community, ORGANISER, patience=_PATIENCE))
            async with organiser.progress(programme, on_progress):
                await organiser.request_plan(
                    programme, at_least_seq=at_least_seq, limits=self._limits, mode=mode, id=f"plan-{number}"
                )
                shown = await organiser.drafted(programme)
            assert shown.plan is not None, "a drafted plan is shown"
            on_draft(shown)
            release = await organiser.publish(programme, shown.plan.request)
            attendance = await organiser.attendance(programme)
            delivery = await organiser.delivered(programme, release.number, on_delivery)
        return Act(shown, release, attendance, delivery)


def _seq(result: Result) -> int:
    seq = result.answer.get("seq", 0)
    return seq if isinstance(seq, int) else 0

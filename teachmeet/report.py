"""Plans, attendance and deliveries as tables and sentences for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from shared.contract.commands.notifier import Delivery
from shared.contract.commands.scheduler import Attendance, PlanShown
from shared.contract.facts.scheduler import BrokenRule, Draft, Placement, Release, Totals, Unplaced, ZoneTally
from shared.time.zones import zone


@dataclass(frozen=True)
class Wording:
    """Titles by proposal and names by room, and the zone in which times are told."""

    titles: Mapping[str, str]
    rooms: Mapping[str, str]
    zone: str

    @classmethod
    def of(cls, shown: PlanShown) -> Wording:
        return cls(shown.titles, shown.rooms, shown.zone or "UTC")

    def title(self, session: str, proposal: str) -> str:
        part = session.removeprefix(f"{proposal}-part-")
        title = self.titles.get(proposal, proposal)
        return f"{title} (part {part})" if part != session else title

    def when(self, placement: Placement) -> tuple[str, str]:
        """Day, and from-to, in local time."""
        start = placement.start.astimezone(zone(self.zone))
        end = start + timedelta(minutes=placement.minutes)
        return f"{start:%a} {start.day} {start:%b %Y}", f"{start:%H:%M}-{end:%H:%M}"


def programme_table(placements: tuple[Placement, ...], wording: Wording, *, caption: str) -> Table:
    """What happens when and where, in local time."""
    table = Table(title=caption, title_justify="left", caption=f"times in {wording.zone}", caption_justify="left")
    for heading in ("Day", "Time", "Session", "Room"):
        table.add_column(heading, no_wrap=heading in {"Day", "Time"})
    for placement in sorted(placements, key=lambda each: each.start):
        day, time = wording.when(placement)
        room = wording.rooms.get(placement.room, placement.room)
        table.add_row(day, time, wording.title(placement.session, placement.proposal), room)
    return table


def draft_report(draft: Draft, wording: Wording, *, caption: str) -> RenderableType:
    """A draft with its figures, what the rules kept away, and why a session has no place."""
    totals = draft.totals
    figures = (
        f"{totals.placed} sessions placed, {totals.unplaced} not; attendance {totals.attendance} person-minutes "
        f"of at most {totals.attendance_bound}; interest clashes {totals.interest_clashes}; moves {totals.moves}"
        f"{_touched(totals)}"
    )
    return Group(
        programme_table(draft.placements, wording, caption=caption),
        Text(figures),
        *([Text(f"Policy: {draft.policy}")] if draft.policy else []),
        Text(),
        Text("What the rules kept away", style="bold"),
        *(Text(f"  {sentence}") for sentence in zone_sentences(draft.zones, wording)),
        *_broken("Blocks the release, unless accepted", draft.blocking, wording),
        *_broken("Broken for a better plan", draft.warnings, wording),
        *_unplaced(draft.unplaced, wording),
    )


def zone_sentences(zones: tuple[ZoneTally, ...], wording: Wording) -> Iterator[str]:
    """For each zone how many sessions lie in it, and by which exemption."""
    for tally in zones:
        if not tally.sessions:
            yield f"{tally.where}: none"
            continue
        names = ", ".join(wording.titles.get(session, session) for session in tally.sessions)
        exempt = f" ({tally.exemption})" if tally.exemption else ""
        yield f"{tally.where}: {len(tally.sessions)}: {names}{exempt}"


def _broken(heading: str, rules: tuple[BrokenRule, ...], wording: Wording) -> Iterator[Text]:
    if rules:
        yield Text()
        yield Text(heading, style="bold")
    for each in rules:
        names = ", ".join(wording.titles.get(session, session) for session in each.sessions)
        more = ", ..." if each.count > len(each.sessions) else ""
        yield Text(f"  {each.sentence}: {each.count} ({names}{more}); {each.cost} person-minutes")


def _unplaced(unplaced: tuple[Unplaced, ...], wording: Wording) -> Iterator[Text]:
    if unplaced:
        yield Text()
        yield Text("Not placed", style="bold")
    for each in unplaced:
        yield Text(f"  {wording.title(each.session, each.proposal)}: {each.reason}")


def _touched(totals: Totals) -> str:
    """``; this change touches 7 calendars, 2 of them at short notice``."""
    if not totals.touched:
        return ""
    calendars = "1 calendar" if totals.touched == 1 else f"{totals.touched} calendars"
    soon = f", {totals.touched_soon} of them at short notice" if totals.touched_soon else ""
    fewest = "; fewer is impossible" if totals.fewest_moves else ""
    return f"; this change touches {calendars}{soon}{fewest}"


def moves_table(before: Release, after: Release, wording: Wording) -> Table:
    """What changed between two releases."""
    table = Table(title="What moved", title_justify="left")
    for heading in ("Session", "Was", "Is"):
        table.add_column(heading)
    was = {each.session: each for each in before.placements}
    now = {each.session: each for each in after.placements}
    for session in sorted({*was, *now}):
        if was.get(session) != now.get(session):
            proposal = (was.get(session) or now[session]).proposal
            table.add_row(
                wording.title(session, proposal), _place(was.get(session), wording), _place(now.get(session), wording)
            )
    return table


def _place(placement: Placement | None, wording: Wording) -> str:
    if placement is None:
        return "not in the programme"
    day, time = wording.when(placement)
    return f"{day}, {time}, {wording.rooms.get(placement.room, placement.room)}"


def attendance_table(attendance: Attendance) -> RenderableType:
    """Who can attend how much of what they want, school by school."""
    table = Table(title="Who can attend how much of what they want", title_justify="left")
    table.add_column("School")
    for heading in ("People", "Wishes", "Can attend", "of these if need be"):
        table.add_column(heading, justify="right")
    for school in sorted({group.school for group in attendance.groups}):
        groups = [group for group in attendance.groups if group.school == school]
        wishes = sum(group.wishes for group in groups)
        can = sum(group.can_attend for group in groups)
        share = f"{can} ({100 * can // wishes} %)" if wishes else "-"
        people, if_need_be = (sum(getattr(group, each) for group in groups) for each in ("people", "if_need_be"))
        table.add_row(school, str(people), str(wishes), share, str(if_need_be))
    nobody = len(attendance.people_without_any)
    return Group(table, Text(f"People with wishes who can attend none of them: {nobody}"))


def delivery_sentence(delivery: Delivery) -> str:
    undelivered = f"; {len(delivery.undelivered)} need attention" if delivery.undelivered else ""
    return (
        f"Mails so far: {delivery.invitations} invitations sent, {delivery.updates} updated, "
        f"{delivery.cancellations} cancelled{undelivered}; {len(delivery.people)} people hold an entry."
    )

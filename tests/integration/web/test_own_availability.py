"""A person's availability by their own link: in words, by ticking hours, and what was not understood."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time

from mailed_links import filled_in, post
from running_desk import Desk

from shared.bus.client import Requester
from shared.bus.connection import Bus
from shared.contract.catalogue import AVAILABILITY
from shared.contract.facts.registrations import Availability
from shared.contract.values import Answer, Weekday, WeeklyWindow, Window
from tests.written_facts import history

Link = Callable[..., str]
UNTIL = "2027-07-31"


async def said(bus: Bus) -> tuple[Window, ...]:
    """What the last fact keeps of what was said by hand."""
    facts = [state for _, state in await history(bus, AVAILABILITY, Availability)]
    return tuple(window for each in facts[-1].sources if each.source == "self" for window in each.windows)


async def test_words_are_kept_shown_again_and_mean_the_same(
    desk: Desk, organiser: Requester, provision_bus: Bus, link: Link
) -> None:
    address = f"{link('p-001')}/availability"
    await desk.until(address, lambda each: each.status_code == 200)
    words = "Mon 9-11, not Fri, Tue 15:30-17 if need be"
    assert "It is saved" in await post(desk, address, act="say", text=words, until=UNTIL)
    kept = await said(provision_bus)
    assert [each.answer for each in kept] == [Answer.YES, Answer.NO, Answer.IF_NEED_BE]
    page = (await desk.get(address)).text
    assert "Saturday 31 July 2027" in page
    text = filled_in(page)["text"]
    await post(desk, address, act="say", text=str(text), until=UNTIL)
    assert await said(provision_bus) == kept


async def test_what_is_not_understood_is_named_and_costs_nothing_else(
    desk: Desk, organiser: Requester, provision_bus: Bus, link: Link
) -> None:
    address = f"{link('p-001')}/availability"
    await desk.until(address, lambda each: each.status_code == 200)
    answer = await desk.post(address, data={"act": "say", "text": "Mon 9-11, Blursday 5-6", "until": UNTIL})
    assert answer.status_code == 400
    assert 'href="#text"' in answer.text
    assert filled_in(answer.text)["text"] == "Mon 9-11, Blursday 5-6"
    assert [each.answer for each in await said(provision_bus)] == [Answer.YES]
    for wrong in ({"act": "say", "text": "", "until": UNTIL}, {"act": "say", "text": "Mon", "until": "soon"}, {}):
        assert (await desk.post(address, data=wrong)).status_code == 400
    assert len(await said(provision_bus)) == 1


async def test_ticked_hours_become_stretches_and_are_ticked_when_looked_at_again(
    desk: Desk, organiser: Requester, provision_bus: Bus, link: Link
) -> None:
    address = f"{link('p-001')}/availability"
    await desk.until(address, lambda each: each.status_code == 200)
    ticked = ["mon-9", "mon-10", "mon-15", "fri-21"]
    await post(desk, address, act="tick", hour=ticked, others="no", until=UNTIL)
    kept = await said(provision_bus)
    assert all(isinstance(each, WeeklyWindow) for each in kept)
    can = {(each.weekdays, each.start, each.end) for each in kept if each.answer is Answer.YES}
    assert can == {
        ((Weekday.MON,), time(9), time(11)),
        ((Weekday.MON,), time(15), time(16)),
        ((Weekday.FRI,), time(21), time(22)),
    }
    assert sum(each.answer is Answer.NO and Weekday.MON in each.weekdays for each in kept) == 3
    page = (await desk.get(address)).text
    shown = [
        part.split('"', 1)[0]
        for part in page.split('name="hour" value="')[1:]
        if part.split(">")[0].endswith("checked")
    ]
    assert sorted(shown) == sorted(ticked)


async def test_other_links_show_nothing(desk: Desk, organiser: Requester, link: Link) -> None:
    good = f"{link('p-001')}/availability"
    await desk.until(good, lambda each: each.status_code == 200)
    for bad in ("/me/x/availability", f"{link('p-001', generation=2)}/availability", f"{link('p-404')}/availability"):
        assert (await desk.get(bad)).status_code == 403
        assert (await desk.post(bad, data={"act": "say", "text": "Mon"})).status_code == 403


async def test_what_cannot_be_done_now_is_told_in_the_form(desk: Desk, organiser: Requester, link: Link) -> None:
    address = f"{link('p-001')}/availability"
    await desk.until(address, lambda each: each.status_code == 200)
    answer = await desk.post(address, data={"act": "renew", "until": UNTIL})
    assert answer.status_code == 400
    assert "form" in answer.text

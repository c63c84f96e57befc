"""Which differences a calendar must be told of: criteria S1 and S2."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from notifier_samples import entry
from planned_messages import cancelled, moved, series, told, with_changed

from services.notifier.planning.series import significant
from shared.contract.facts.notifier import CalendarEntry, Method

SERIES = series()


@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        (entry(), entry(start=entry().start + timedelta(minutes=15))),
        (entry(), entry(minutes=61)),
        (entry(), entry(location="Hall")),
        (entry(), entry(join_url="https://meet.example")),
        (entry(join_url="https://meet.example"), entry(join_url="https://other.example")),
        (entry(), SERIES),
        (SERIES, series(5)),
        (SERIES, with_changed(SERIES, moved(SERIES, 1))),
        (SERIES, with_changed(SERIES, cancelled(SERIES, 1))),
        (with_changed(SERIES, cancelled(SERIES, 1)), SERIES),
    ],
)
def test_s1_time_place_dates_and_status_are_told(held: CalendarEntry, wanted: CalendarEntry) -> None:
    [message] = told(held, "p-a").wants(wanted, "p-a")
    assert message.method in {Method.REQUEST, Method.CANCEL}
    assert message.sequence == 1


@pytest.mark.parametrize(
    "same",
    [{}, {"title": "A corrected title"}, {"description": "Bring two pens."}, {"presenters": ("Bo", "Cleo")}],
)
def test_s2_an_equal_entry_and_corrected_texts_are_not_told(same: dict[str, Any]) -> None:
    assert told(entry(), "p-a").wants(entry(**same), "p-a") == []


def test_s2_the_order_of_changed_dates_and_one_that_is_as_usual_are_not_told() -> None:
    first, second = moved(SERIES, 1), cancelled(SERIES, 2)
    story = told(with_changed(SERIES, first, second), "p-a")
    as_usual = SERIES.occurrence(SERIES.dates[3])
    assert story.wants(with_changed(SERIES, second, first, as_usual), "p-a") == []
    assert significant(with_changed(SERIES, as_usual)) == significant(SERIES)

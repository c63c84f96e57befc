"""Looking through all entities of a kind in order, while others come and go."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.bus.facts import Facts
from shared.bus.ordering import Ordered
from shared.contract.catalogue import AFFILIATION, INTEREST
from shared.contract.facts.registrations import Affiliation, Interest
from shared.contract.subjects import FactSubject

NOW = datetime(2027, 1, 12, 9, tzinfo=UTC)
NAMES = st.sampled_from([f"p-{number}" for number in range(12)])


class View(Facts):
    """Affiliations that come and go."""

    def comes(self, person: str) -> None:
        ref = AFFILIATION.ref("northgate", person)
        self.apply(FactSubject(ref, "stated"), Affiliation(person=person, school="Hillside"), self.next_seq, NOW)

    def goes(self, person: str) -> None:
        self.drop(AFFILIATION.ref("northgate", person), self.next_seq)

    @property
    def next_seq(self) -> int:
        return self.last_seq("registrations") + 1


@given(st.lists(st.tuples(st.text(max_size=3), st.text(max_size=3)), max_size=60, unique=True))
def test_putting_in_order_in_turns_is_sorting(items: list[tuple[str, str]]) -> None:
    assert asyncio.run(Ordered.of(items, piece=4)).some((), 99) == sorted(items)


@given(st.lists(st.tuples(st.sampled_from(["comes", "goes", "looks"]), NAMES), max_size=40))
def test_who_is_there_all_the_while_is_met_once_and_in_order(history: list[tuple[str, str]]) -> None:
    async def look() -> None:
        view, there, always = View(), set[str](), set[str]()
        view.comes("p-5")
        there.add("p-5")
        looking = await view.in_order(AFFILIATION, "northgate")
        always = set(there)
        met: list[str] = []
        for what, person in history:
            match what:
                case "comes":
                    view.comes(person)
                    there.add(person)
                case "goes":
                    view.goes(person)
                    there.discard(person)
                    always.discard(person)
                case "looks":
                    found = next(looking, None)
                    if found is None:
                        assert always <= set(met)
                        looking = await view.in_order(AFFILIATION, "northgate")
                        always, met = set(there), []
                    else:
                        assert found[0] in there
                        met.append(found[0])
            assert met == sorted(set(met))
        assert always <= {*met, *(ids[0] for ids in looking)}

    asyncio.run(look())


async def test_it_begins_where_one_left_off() -> None:
    view = View()
    for number in range(2500):
        view.comes(f"p-{(number * 7919) % 2500:04}")
    rest = list(await view.in_order(AFFILIATION, "northgate", ("p-0003",)))
    assert rest == [(f"p-{number:04}",) for number in range(3, 2500)]
    assert list(await view.in_order(INTEREST, "northgate")) == []


async def test_who_comes_while_it_is_put_in_order_is_there_whoever_asked_first() -> None:
    view = View()
    for number in range(20_000):
        view.comes(f"p-{number:05}")

    async def look() -> list[tuple[str, ...]]:
        return list(await view.in_order(AFFILIATION, "northgate"))

    first = asyncio.create_task(look())
    await asyncio.sleep(0)
    view.comes("a-between")
    second = asyncio.create_task(look())
    await asyncio.sleep(0)
    view.comes("b-between")
    assert (
        await first
        == await second
        == [
            ("a-between",),
            ("b-between",),
            *((f"p-{number:05}",) for number in range(20_000)),
        ]
    )


async def test_when_entities_were_written_is_told_without_reading_them() -> None:
    view = Facts(cold=[INTEREST])
    for day, (person, session) in enumerate([("p-1", "bees"), ("p-1", "ants"), ("p-2", "bees")]):
        ref = INTEREST.ref("northgate", person, session)
        state = Interest(person=person, session=session, level="coming")
        view.apply(FactSubject(ref, "stated"), state, day + 1, NOW + timedelta(days=day))
    assert dict(view.written(INTEREST, "northgate", person="p-1")) == {
        ("p-1", "bees"): NOW,
        ("p-1", "ants"): NOW + timedelta(days=1),
    }
    assert len(list(view.written(INTEREST, "northgate"))) == 3
    assert list(view.written(AFFILIATION, "northgate")) == []

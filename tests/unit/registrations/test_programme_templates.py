"""Programmes made from templates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from known_facts import NOW, Known, community

from services.registrations.programme_templates import ProgrammeTemplate, shipped_templates
from shared.contract.commands.calls import CreateProgramme
from shared.contract.facts.registrations import Programme
from shared.contract.results import Rejection, RejectionCode
from shared.contract.values import Weekday

TEMPLATES = [pytest.param(each, id=name) for name, each in shipped_templates().items()]
MONDAY = date(2027, 3, 8)


def create(template: str = "teachmeet-evening", **other: Any) -> CreateProgramme:
    stated = {"template": template, "programme": "spring", "title": "Spring", "first_day": MONDAY}
    return CreateProgramme.model_validate(stated | other)


def made(command: CreateProgramme, found: Known | None = None) -> Programme:
    (write,) = (found or Known(community())).done(command)
    assert isinstance(write.state, Programme)
    return write.state


def refusal(command: CreateProgramme, found: Known | None = None) -> Rejection:
    with pytest.raises(Rejection) as refused:
        (found or Known(community())).decided(command)
    return refused.value


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_programme_has_what_its_template_says(template: ProgrammeTemplate) -> None:
    programme = made(create(template.template))
    assert programme.template == template.template
    assert (programme.last_day - programme.first_day).days == template.days - 1
    assert (programme.policy_pack, programme.grid_minutes) == (template.policy_pack, template.grid_minutes)
    assert (programme.formats, programme.seats) == (template.formats, template.seats)
    assert programme.zone == "Europe/London"


@pytest.mark.parametrize("template", TEMPLATES)
def test_its_call_opens_and_closes_before_it_begins(template: ProgrammeTemplate) -> None:
    programme = made(create(template.template))
    assert programme.call is not None
    assert programme.call.opens < programme.call.closes
    assert programme.call.closes.date() < programme.first_day


def test_the_formats_of_a_teachmeet_are_those_that_teachmeets_have() -> None:
    assert {each.format: each.minutes for each in made(create()).formats} == {"nano": 2, "micro": 7, "soapbox": 15}


def test_the_call_is_told_by_the_programmes_clock() -> None:
    call = made(create(zone="Asia/Dubai")).call
    assert call is not None
    assert call.closes == datetime(2027, 2, 15, 13, tzinfo=UTC)


def test_what_is_stated_goes_before_what_the_template_has() -> None:
    stated = {
        "zone": "Asia/Dubai",
        "last_day": date(2027, 3, 9),
        "policy_pack": "no-lunch-no-friday",
        "grid_minutes": 10,
        "formats": [{"format": "show", "minutes": 30}],
        "call": {"opens": NOW, "closes": NOW + timedelta(days=1)},
        "seats": {"offer_hours": 3},
        "nation": "GB-ENG",
        "closures": [{"first": "2027-03-09", "last": "2027-03-09", "reason": "inspection"}],
        "weekend": ["fri", "sat"],
    }
    command = create(**stated)
    programme = made(command)
    assert {name: getattr(programme, name) for name in stated} == {name: getattr(command, name) for name in stated}


def test_an_unknown_template_is_refused_with_those_that_there_are() -> None:
    (error,) = refusal(create("gala")).errors
    assert error.field == "template"
    assert error.allowed.split(", ") == sorted(shipped_templates())


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("day", range(7))
def test_a_day_on_which_its_rules_have_nothing_placed_is_refused(template: ProgrammeTemplate, day: int) -> None:
    command = create(template.template, first_day=MONDAY + timedelta(days=day))
    if not template.weekdays or Weekday.of(command.first_day) in template.weekdays:
        assert made(command)
    else:
        assert [error.field for error in refusal(command).errors] == ["first_day"]
        assert made(command.model_copy(update={"policy_pack": "one-of-ours"}))


def test_a_call_that_would_be_over_already_is_not_made_unasked() -> None:
    soon = create(first_day=date(2026, 12, 3))
    assert [error.field for error in refusal(soon).errors] == ["call"]
    call = {"opens": NOW, "closes": NOW + timedelta(days=1)}
    assert made(create(first_day=date(2026, 12, 3), call=call))


def test_creating_it_again_is_no_write_and_another_under_its_id_is_refused() -> None:
    found = Known(community())
    made(create(), found)
    assert found.decided(create()) == []
    assert refusal(create(title="Another"), found).code is RejectionCode.CONFLICT


def test_a_format_is_listed_once() -> None:
    twice = [{"format": "show", "minutes": 30}, {"format": "show", "minutes": 40}]
    assert [error.field for error in refusal(create(formats=twice)).errors] == ["formats.1.format"]

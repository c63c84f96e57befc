"""Policy packs: versioned YAML files of rules with their reasons, checked when they are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

import holidays
from pydantic import Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError

from services.scheduler.errors import PackError, UnknownNationError, complaints
from services.scheduler.rules.base import Rule
from services.scheduler.rules.catalogue import AnyRule
from services.scheduler.rules.policy import MOST_RULES, Policy, require_unique_rule_ids
from services.scheduler.rules.windows import ProhibitedDates
from shared.contract.facts.registrations import Programme
from shared.contract.values import DateSpan, Id, Line, Value


class BankHolidays(Rule):
    """No session on a bank holiday of the programme's nation. Without a nation there is nothing to keep free."""

    kind: Literal["bank-holidays"] = "bank-holidays"
    where: Line


class Pack(Value):
    """A policy pack as it is written: some rules still wait for the programme's nation and dates."""

    pack: Id
    version: int = Field(ge=1)
    title: Line
    rules: tuple[Annotated[AnyRule | BankHolidays, Field(discriminator="kind")], ...] = Field(max_length=MOST_RULES)

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Pack:
        require_unique_rule_ids(self.rules)
        return self

    def resolved(self, programme: Programme) -> Policy:
        """The policy of one programme. Raises ``UnknownNationError``."""
        return Policy(pack=self.pack, version=self.version, rules=tuple(self._resolved_rules(programme)))

    def _resolved_rules(self, programme: Programme) -> Iterator[AnyRule]:
        for rule in self.rules:
            if not isinstance(rule, BankHolidays):
                yield rule
            elif programme.nation:
                spans = bank_holidays(programme)
                yield ProhibitedDates(
                    id=rule.id, sentence=rule.sentence, source=rule.source, where=rule.where, spans=spans
                )


def bank_holidays(programme: Programme) -> tuple[DateSpan, ...]:
    """The bank holidays of the programme's nation within its dates. Raises ``UnknownNationError``."""
    country, _, subdivision = (programme.nation or "").partition("-")
    years = range(programme.first_day.year, programme.last_day.year + 1)
    try:
        found = holidays.country_holidays(country, subdiv=subdivision or None, years=years)
    except NotImplementedError:  # how the holidays package says that it does not know the country or subdivision
        raise UnknownNationError(
            f"programme {programme.programme}: nation {programme.nation!r} has no known bank holidays; "
            "give an ISO 3166 country, with its subdivision where holidays differ, such as GB-ENG or IE"
        ) from None
    return tuple(
        DateSpan(first=day, last=day, reason=name)
        for day, name in sorted(found.items())
        if programme.first_day <= day <= programme.last_day
    )


@cache
def shipped_packs() -> Mapping[str, Pack]:
    """The policy packs that come with the scheduler, by id. Raises ``PackError``."""
    folder = Path(str(resources.files("services.scheduler") / "packs"))
    packs = [read_pack(path) for path in sorted(folder.glob("*.yaml"))]
    return {pack.pack: pack for pack in packs}


def read_pack(path: Path) -> Pack:
    """The pack in that YAML file. Raises ``PackError``, which names file, key and line of all that is wrong."""
    try:
        content = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise PackError(f"{path.name}, line {line}: this is not YAML: {error.problem}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise PackError(f"{path.name}: cannot be read: {error}") from None
    try:
        return Pack.model_validate(content)
    except ValidationError as error:
        raise PackError("\n".join(_complaints(path.name, content, error))) from None


def _complaints(name: str, content: object, error: ValidationError) -> Iterator[str]:
    for complaint, found in zip(complaints(Pack, error), error.errors(), strict=False):
        yield f"{name}, line {_line(content, found['loc'])}: {complaint}"


def _line(content: object, location: tuple[int | str, ...]) -> int:
    """Where a validation error lies; the parts of its location that only name a kind of rule are not in the file."""
    node: Any = content
    line = 1
    for part in location:
        if isinstance(node, CommentedMap) and part in node:
            line = node.lc.key(part)[0] + 1
        elif isinstance(node, CommentedSeq) and isinstance(part, int):
            line = node.lc.item(part)[0] + 1
        else:
            continue
        node = node[part]
    return int(line)

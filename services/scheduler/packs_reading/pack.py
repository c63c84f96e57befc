"""A policy pack: rules with their reasons, as one file states them, or with all that it extends laid beneath."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationError

from services.scheduler.errors import PackError, complaints
from services.scheduler.packs_reading.placeholders import (
    BankHolidays,
    Observances,
    Placeholder,
    ProhibitedPeriods,
    RequiredPeriods,
    Weekend,
)
from services.scheduler.packs_reading.setting import CalendarEntry, Setting
from services.scheduler.rules.base import Level, Scope
from services.scheduler.rules.catalogue import STANDARD, AnyRule
from services.scheduler.rules.policy import MOST_RULES
from services.scheduler.rules.windows import Exemption
from shared.contract.values import Id, Line, Value

PackRule = Annotated[
    AnyRule | Weekend | BankHolidays | ProhibitedPeriods | RequiredPeriods | Observances, Field(discriminator="kind")
]
STANDARD_RULES: dict[str, Any] = {rule.id: rule for rule in STANDARD}


def _given(value: Any) -> Any:
    if value is None:
        raise ValueError("is empty; leave the key out to keep what the rule says")
    return value


class Override(Value):
    """What a pack changes of a rule beneath it; what is not given stays."""

    rule: Id = Field(description="id of a rule of an extended pack, of the packs below a layer, or of every programme")
    source: Line = Field(description="who asks for the change, and where it is written down")
    level: Annotated[Level | None, AfterValidator(_given)] = None
    weight: Annotated[int | None, AfterValidator(_given)] = None
    share: Annotated[int | None, AfterValidator(_given)] = None
    scope: Annotated[Scope | None, AfterValidator(_given)] = None
    sentence: Annotated[Line | None, AfterValidator(_given)] = None
    exemptions: tuple[Exemption, ...] = Field(default=(), description="added to those that the rule has")

    def applied(self, rule: PackRule) -> PackRule:
        """The changed rule. Raises ``PackError`` where the rule has no such key, or not with that value."""
        changes = self.model_dump(exclude_unset=True, exclude={"rule", "exemptions"})
        if self.exemptions:
            changes["exemptions"] = (*getattr(rule, "exemptions", ()), *self.exemptions)
        try:
            return type(rule).model_validate(rule.model_dump() | changes)
        except ValidationError as error:
            told = "; ".join(complaints(type(rule), error))
            raise OverrideError(self, f"cannot change rule {rule.id!r} like that: {told}") from None


class OverrideError(PackError):
    """An override does not fit what lies beneath it."""

    def __init__(self, override: Override, problem: str) -> None:
        super().__init__(problem)
        self.override = override


class PackDocument(Value):
    """A policy pack as its file states it."""

    pack: Id
    version: int = Field(ge=1)
    title: Line
    extends: tuple[Id, ...] = Field(default=(), max_length=8, description="packs that lie beneath, the lowest first")
    rules: tuple[PackRule, ...] = Field(default=(), max_length=MOST_RULES)
    overrides: tuple[Override, ...] = Field(default=(), max_length=MOST_RULES)
    calendar: tuple[CalendarEntry, ...] = Field(default=(), max_length=200)


class Pack(Value):
    """A pack with all that it extends: its rules by id, in order, and the changes that wait for packs below it."""

    pack: Id
    version: int
    title: Line
    rules: tuple[PackRule, ...]
    waiting: tuple[Override, ...] = ()
    calendar: tuple[CalendarEntry, ...] = ()

    @classmethod
    def of(cls, document: PackDocument, extended: Iterable[Pack]) -> Pack:
        """A document on top of packs that are laid out already. Raises ``PackError``."""
        stack = Stack()
        for pack in extended:
            stack.lay(pack)
        stack.lay(
            cls(
                pack=document.pack,
                version=document.version,
                title=document.title,
                rules=document.rules,
                waiting=document.overrides,
                calendar=document.calendar,
            )
        )
        nowhere = stack.of_no_rule()
        if nowhere and document.extends:
            known = ", ".join(sorted(stack.rules))
            raise OverrideError(nowhere[0][1], f"no rule of the extended packs has this id; they have {known}")
        return cls(
            pack=document.pack,
            version=document.version,
            title=document.title,
            rules=tuple(stack.rules.values()),
            waiting=tuple(override for _, override in stack.waiting),
            calendar=tuple(stack.calendar),
        )


class Stack:
    """Rules of packs that are laid over one another: a rule takes the place of one below with the same id."""

    def __init__(self) -> None:
        self.rules: dict[str, PackRule] = {}
        self.stated_by: dict[str, Pack] = {}
        """By rule, the pack that said the last word on it."""
        self.waiting: list[tuple[Pack, Override]] = []
        """Changes of rules that no pack below states, each with the pack that wants it."""
        self.calendar: list[CalendarEntry] = []

    def lay(self, pack: Pack) -> None:
        """Lay a pack on top. Raises ``PackError``."""
        for rule in pack.rules:
            # It takes the place of the rule of every programme of that kind, whatever packs below change of that.
            self.waiting = [(by, one) for by, one in self.waiting if _kind_in_every_programme(one) != rule.kind]
            self._state(pack, rule)
        for override in pack.waiting:
            beneath = self._beneath(override)
            for rule in beneath:
                self._state(pack, override.applied(rule))
            if not beneath:
                _require_fitting(override)
                self.waiting.append((pack, override))
        self.calendar.extend(pack.calendar)

    def of_no_rule(self) -> list[tuple[Pack, Override]]:
        """The changes of rules that neither a pack below nor every programme has."""
        return [(by, one) for by, one in self.waiting if one.rule not in STANDARD_RULES]

    def settle(self) -> None:
        """Nothing more is laid on top: what packs change of the rules of every programme is now known."""
        for pack, override in self.waiting:
            self._state(pack, override.applied(self.rules.get(override.rule) or STANDARD_RULES[override.rule]))
        self.waiting = []

    def _state(self, pack: Pack, rule: PackRule) -> None:
        self.rules[rule.id] = rule
        self.stated_by[rule.id] = pack

    def _beneath(self, override: Override) -> list[PackRule]:
        """The rule that it names; for one of every programme that packs state under other ids, those."""
        if override.rule in self.rules:
            return [self.rules[override.rule]]
        kind = _kind_in_every_programme(override)
        return [rule for rule in self.rules.values() if rule.kind == kind]

    def filled_in(self, setting: Setting) -> Iterator[AnyRule]:
        """The rules for one programme. Raises ``UnknownNationError``."""
        for rule in self.rules.values():
            if isinstance(rule, Placeholder):
                yield from rule.filled_in(setting)
            else:
                yield rule


def _kind_in_every_programme(override: Override) -> str | None:
    rule = STANDARD_RULES.get(override.rule)
    return rule.kind if rule is not None else None


def _require_fitting(override: Override) -> None:
    """Raises ``PackError`` for a change that the rule of every programme cannot take."""
    if override.rule in STANDARD_RULES:
        override.applied(STANDARD_RULES[override.rule])

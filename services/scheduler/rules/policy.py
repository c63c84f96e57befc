"""The rules of one programme: those of its policy pack, and the standard ones that the pack does not restate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pydantic import Field, model_validator

from services.scheduler.rules.base import Rule, UnaryRule
from services.scheduler.rules.catalogue import STANDARD, AnyRule
from services.scheduler.rules.windows import Exemption
from shared.contract.values import Id, Value

MOST_RULES = 60
MOST_THAT_MUST_HOLD = 64
"""Of rules about one session by itself: the reasons against a start are kept as bits of one number."""


class Layer(Value):
    """A policy pack that lies over another, and the rules on which it has the last word."""

    pack: Id
    version: int = Field(ge=1)
    rules: tuple[Id, ...] = ()

    def name(self) -> str:
        return f"pack {self.pack}, version {self.version}"


class Policy(Value):
    """The rules of one version of a policy pack, with everything in them that depends on the programme filled in."""

    pack: Id
    version: int = Field(ge=1)
    layers: tuple[Layer, ...] = Field(default=(), max_length=20, description="packs laid over it, the topmost last")
    rules: tuple[AnyRule, ...] = Field(default=(), max_length=MOST_RULES)

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Policy:
        for _, told in taken_ids(self.rules):
            raise ValueError(told)
        return self

    @model_validator(mode="after")
    def _reasons_can_be_kept(self) -> Policy:
        count = sum(isinstance(rule, UnaryRule) and rule.must_hold() for rule in self.in_force())
        if count > MOST_THAT_MUST_HOLD:
            raise ValueError(
                f"rules: {count} rules about one session must hold, those of every programme included; "
                f"{MOST_THAT_MUST_HOLD} may. Join some, or give them another level"
            )
        return self

    def name(self) -> str:
        """The pack and its layers, with their versions."""
        over = f" with {'; '.join(layer.name() for layer in self.layers)}" if self.layers else ""
        return f"pack {self.pack}, version {self.version}{over}"

    def origin(self, rule: str) -> str:
        """The pack, with its version, that has the last word on a rule."""
        for layer in reversed(self.layers):
            if rule in layer.rules:
                return layer.name()
        return f"pack {self.pack}, version {self.version}"

    def quoted(self, rule: Rule) -> str:
        """A rule in plain words, with where it comes from."""
        sentence, source = rule.sentence.rstrip("."), rule.source.rstrip(".")
        if rule not in self.rules:
            return f"{sentence} (rule {rule.id} of {source})"
        return f"{sentence} (rule {rule.id} of {self.origin(rule.id)}; source: {source})"

    def in_force(self) -> tuple[Rule, ...]:
        """All rules that are switched on: the standard ones first, then the pack's."""
        restated = {rule.kind for rule in self.rules}
        standard = tuple(rule for rule in STANDARD if getattr(rule, "kind", None) not in restated)
        return tuple(rule for rule in (*standard, *self.rules) if rule.switched_on())


def taken_ids(rules: Iterable[Rule]) -> Iterator[tuple[int, str]]:
    """The rules (by place) with an id that another has, or that belongs to another kind of standard rule."""
    standard = {rule.id: type(rule) for rule in STANDARD}
    taken: set[str] = set()
    for place, rule in enumerate(rules):
        exemptions: tuple[Exemption, ...] = getattr(rule, "exemptions", ())
        for name in (rule.id, *(exemption.id for exemption in exemptions)):
            if name in taken or standard.get(name, type(rule)) is not type(rule):
                yield place, f"the rule id {name!r} is taken already; each rule and exemption needs its own"
            taken.add(name)

"""The policy of a programme: its pack, with the layers of community and programme over it, all filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from services.scheduler.errors import PackError, UnknownPackError
from services.scheduler.packs_reading.pack import Pack, Stack
from services.scheduler.packs_reading.setting import Setting
from services.scheduler.rules.policy import Layer, Policy
from shared.contract.facts.registrations import Community, Programme


def policy_of(programme: Programme, community: Community | None, packs: Mapping[str, Pack]) -> Policy:
    """The rules of one programme. A layer's rules and changes go before those of what lies beneath it.

    Raises ``UnknownPackError``, ``UnknownNationError`` and ``PackError``.
    """
    layers = (*(community.policy_layers if community else ()), *programme.policy_layers)
    base = _pack(programme, "policy_pack", programme.policy_pack, packs)
    laid = [_pack(programme, "policy_layers", name, packs) for name in dict.fromkeys(layers)]
    return laid_over(base, laid, programme, community)


def laid_over(base: Pack, layers: Iterable[Pack], programme: Programme, community: Community | None = None) -> Policy:
    """The rules of a pack with these layers over it, for a programme. Raises as ``policy_of`` does."""
    layers = tuple(layers)
    stack = Stack()
    for pack in (base, *layers):
        stack.lay(pack)
    if nowhere := stack.of_no_rule():
        pack, override = nowhere[0]
        raise PackError(
            f"programme {programme.programme}: pack {pack.pack} changes rule {override.rule!r}, which no pack below it "
            f"has; lay it over a pack that has one ({base.pack} has {', '.join(rule.id for rule in base.rules)})"
        )
    stack.settle()
    return Policy(
        pack=base.pack,
        version=base.version,
        layers=tuple(_layer(pack, stack) for pack in layers),
        rules=tuple(stack.filled_in(Setting.of(programme, community, stack.calendar))),
    )


def _layer(pack: Pack, stack: Stack) -> Layer:
    said = tuple(sorted(rule for rule, by in stack.stated_by.items() if by is pack))
    return Layer(pack=pack.pack, version=pack.version, rules=said)


def _pack(programme: Programme, field: str, name: str, packs: Mapping[str, Pack]) -> Pack:
    if name not in packs:
        known = ", ".join(sorted(packs))
        raise UnknownPackError(f"programme {programme.programme}: {field} {name!r} is not one of {known}")
    return packs[name]

"""Rows that say the same thing twice, or two things of the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from services.registrations.imports.drafts import DraftCommand, Problem
from services.registrations.imports.wording import same_words
from shared.contract.facts.registrations import Proposal, ProposalStatus

# What makes two rows be about the same, by command: fields, of which each alone does.
_ALONE: dict[str, tuple[str, ...]] = {
    "person.register": ("person", "address"),
    "room.add": ("room",),
    "programme.announce": ("programme",),
    "proposal.submit": ("proposal",),
    "proposal.draft": ("proposal",),
}
_TOGETHER: dict[str, tuple[str, ...]] = {"interest.state": ("person", "session")}


@dataclass
class Sifted:
    """Rows without those that repeat others; what contradicts others; what looks like others."""

    drafts: list[DraftCommand] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def sifted(drafts: Iterable[DraftCommand]) -> Sifted:
    """Each thing once: a repetition is left out, a contradiction is a problem of the later row."""
    found = Sifted()
    seen: dict[tuple[str, str, Hashable], int] = {}
    repeated: Counter[str] = Counter()
    for draft in drafts:
        keys = list(_keys(draft))
        place, name = next(((seen[key], key[1]) for key in keys if key in seen), (None, ""))
        if place is None:
            seen.update(dict.fromkeys(keys, len(found.drafts)))
            found.drafts.append(draft)
            continue
        first = found.drafts[place]
        if (both := _merged(first, draft)) is not None:
            found.drafts[place] = both
            seen.update(dict.fromkeys(_keys(both), place))
            repeated[draft.file] += 1
        else:
            where = f"line {first.line}" + (f" of {first.file}" if first.file != draft.file else "")
            problem = f"is that of {where}, which says something else"
            found.problems.append(Problem(draft.file, draft.line, name, problem, "one row for each"))
    found.notes += [f"{file}: {count} rows are about what another row is about" for file, count in repeated.items()]
    found.notes += _alike(found.drafts)
    return found


def _merged(first: DraftCommand, later: DraftCommand) -> DraftCommand | None:
    """Two rows about the same as one; None where they contradict each other.

    What another system says of its speakers never contradicts a table of people: the table knows better.
    """
    if first.payload == later.payload:
        return replace(first, called=tuple(dict.fromkeys((*first.called, *later.called))))
    if first.name != "person.register":
        return None
    table, aside = (later, first) if first.called and not later.called else (first, later)
    if not aside.called and any(
        table.payload[name] != each for name, each in aside.payload.items() if name in table.payload
    ):
        return None
    called = tuple(dict.fromkeys((*first.called, *later.called)))
    return replace(table, payload=aside.payload | table.payload, called=called)


def known_alike(drafts: Iterable[DraftCommand], known: Iterable[Proposal]) -> Iterator[str]:
    """Notes on proposals that are there already under another id: the same title, and a presenter in common."""
    there: dict[tuple[str, str], list[Proposal]] = {}
    for proposal in known:
        if proposal.status is not ProposalStatus.WITHDRAWN:
            there.setdefault((proposal.programme, same_words(proposal.title)), []).append(proposal)
    for draft in drafts:
        if draft.name not in {"proposal.submit", "proposal.draft"}:
            continue
        title = same_words(str(draft.payload.get("title", "")))
        for other in there.get((str(draft.payload.get("programme")), title), ()):
            presenters = draft.payload.get("presenters")
            shared = isinstance(presenters, list) and bool({str(each) for each in presenters} & {*other.presenters})
            if shared and other.proposal != draft.payload.get("proposal"):
                yield f"{draft.file}, line {draft.line}: has title and presenter of the proposal {other.proposal}"


def _keys(draft: DraftCommand) -> Iterator[tuple[str, str, Hashable]]:
    kind = "proposal" if draft.entity == "proposal" else draft.name
    for name in _ALONE.get(draft.name, ()):
        if (value := draft.payload.get(name)) is not None:
            yield kind, name, same_words(str(value))
    if names := _TOGETHER.get(draft.name):
        yield kind, names[0], tuple(same_words(str(draft.payload.get(name))) for name in names)


def _alike(drafts: Iterable[DraftCommand]) -> Iterator[str]:
    seen: dict[tuple[str, str], DraftCommand] = {}
    for draft in drafts:
        if draft.name not in {"proposal.submit", "proposal.draft"}:
            continue
        title = same_words(str(draft.payload.get("title", "")))
        presenters = draft.payload.get("presenters")
        for presenter in presenters if isinstance(presenters, list) else ():
            first = seen.setdefault((title, same_words(str(presenter))), draft)
            if first is not draft:
                yield f"{draft.file}, line {draft.line}: has title and presenter of line {first.line} of {first.file}"
                break

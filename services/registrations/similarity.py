"""How much two proposals look alike, by the words of title and abstract and by their tags."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from shared.contract.facts.registrations import Proposal, ProposalStatus

ALIKE = 67
"""From here on two proposals look like one. Measured on the labelled pairs of the tests: see docs/programmes.md."""
MOST_TOLD = 5
_TITLE, _ABSTRACT, _TAGS = 45, 45, 10
_FEWEST_WORDS = 5
_SAME_WORD = 75
_LOOKED_AT = frozenset({ProposalStatus.SUBMITTED, ProposalStatus.MAYBE, ProposalStatus.ACCEPTED})
_WORD = re.compile(r"[^\W_]+")
_EMPTY_WORDS = """
a an and are as at by for from how i in into is it of on or our that the their this to using use we what when why with
without you your introduction intro session workshop talk part
als am an auf aus bei das dem den der die ein eine einer eines fur im in ist mit nach oder und uns unser von vom was wie
wir zu zum zur einfuhrung fortbildung vortrag teil
"""
# They say nothing of what a session is about, in the languages of our pages; without accents.
_EMPTY = frozenset(_EMPTY_WORDS.split())


@dataclass(frozen=True)
class Alike:
    """A proposal that looks like another, and how much: 100 is the same words and tags."""

    proposal: Proposal
    likeness: int


def look_alikes(proposal: Proposal, others: Iterable[Proposal]) -> list[Alike]:
    """Of the others in its programme that are submitted or more, those that look like it, the most alike first."""
    words = _Words.of(proposal)
    found = [
        Alike(other, words.likeness(_Words.of(other)))
        for other in others
        if other.programme == proposal.programme and other.proposal != proposal.proposal and other.status in _LOOKED_AT
    ]
    alike = (each for each in found if each.likeness >= ALIKE)
    return sorted(alike, key=lambda each: (-each.likeness, each.proposal.proposal))[:MOST_TOLD]


def likeness(one: Proposal, other: Proposal) -> int:
    """From 0 (nothing in common) to 100 (the same words and tags); the same in both directions."""
    return _Words.of(one).likeness(_Words.of(other))


@dataclass(frozen=True)
class _Words:
    title: str
    abstract: str
    tags: frozenset[str]

    @classmethod
    def of(cls, proposal: Proposal) -> _Words:
        return cls(_telling(proposal.title), _telling(proposal.abstract), frozenset(proposal.tags))

    def likeness(self, other: _Words) -> int:
        """The weighed mean over what both of them say; a title is always there."""
        common = max(_in_common(self.title, other.title), _in_common(other.title, self.title))
        parts = [(_TITLE, (fuzz.token_sort_ratio(self.title, other.title) + common) / 2)]
        if min(self.abstract.count(" "), other.abstract.count(" ")) >= _FEWEST_WORDS - 1:
            parts.append((_ABSTRACT, fuzz.token_set_ratio(self.abstract, other.abstract)))
        if self.tags and other.tags:
            parts.append((_TAGS, 100 * len(self.tags & other.tags) / len(self.tags | other.tags)))
        return round(sum(weight * part for weight, part in parts) / sum(weight for weight, _ in parts))


def _in_common(one: str, other: str) -> float:
    """How many of the words both have, 0 to 100; forms of one word count as the same."""
    words, left = one.split(), other.split()
    total, common = len(words) + len(left), 0
    for word in words:
        best = max(left, key=lambda each: (fuzz.ratio(word, each), each), default="")
        if fuzz.ratio(word, best) >= _SAME_WORD:
            left.remove(best)
            common += 1
    return 200 * common / total if total else 0


def _telling(text: str) -> str:
    """The words that tell something, in one case and without accents, in their order."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    words = _WORD.findall("".join(each for each in plain if not unicodedata.combining(each)))
    telling = [word for word in words if word not in _EMPTY]
    return " ".join(telling or words) or plain.strip()

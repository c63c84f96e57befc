"""The notifier's book: every correspondence, kept up from its own facts as they come."""

from __future__ import annotations

from collections.abc import Mapping

from services.notifier.planning.answers import Key
from services.notifier.planning.correspondence import Correspondence
from shared.bus.facts import Facts, Stored
from shared.contract.catalogue import ERASURE, INVITE
from shared.contract.facts.notifier import Invite


class Book:
    """Correspondences by community, person and session."""

    def __init__(self, facts: Facts) -> None:
        self._correspondences: dict[str, dict[Key, Correspondence]] = {}
        self._series: dict[tuple[str, str], str] = {}
        """the series that a session is a date of, by community and session"""
        facts.listen(self._enter)

    def of(self, community: str) -> Mapping[Key, Correspondence]:
        return self._correspondences.get(community, {})

    def about(self, community: str, person: str, session: str) -> Correspondence | None:
        """What was told of a session: by itself, or as a date of the series that it belongs to."""
        known = self.of(community)
        own = known.get((person, session))
        return own or known.get((person, self._series.get((community, session), session)))

    def _enter(self, stored: Stored) -> None:
        if stored.ref.entity == ERASURE.entity:
            self._forget(stored.ref.community, stored.ref.ids[0])
            return
        if stored.ref.entity != INVITE.entity or not isinstance(stored.state, Invite):
            return
        fact = stored.state
        known = self._correspondences.setdefault(stored.ref.community, {})
        key = (fact.person, fact.session)
        known[key] = known[key].after(fact) if key in known else Correspondence.begun(fact)
        for session in fact.entry.sessions:
            self._series[(stored.ref.community, session)] = fact.session

    def _forget(self, community: str, person: str) -> None:
        known = self._correspondences.get(community, {})
        for key in [key for key in known if key[0] == person]:
            del known[key]

"""One-tap links: an invitation is answered by opening a signed link and pressing one button there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from shared.contract.facts.replies import PartStat
from shared.links import LinkClaims, LinkKey, LinkScope

OFFERED = (PartStat.ACCEPTED, PartStat.TENTATIVE, PartStat.DECLINED)


def answer_links(
    web_url: str, key: LinkKey, community: str, person: str, session: str, generation: int, expires: datetime
) -> Mapping[PartStat, str]:
    """One address for each answer. They lead to the same page, which has that answer chosen; only pressing it acts."""
    claims = LinkClaims(
        community=community,
        person=person,
        session=session,
        scope=LinkScope.ANSWER,
        expires=expires,
        generation=generation,
    )
    token = key.sign(claims)
    return {partstat: f"{web_url}/answer/{token}/{partstat}" for partstat in OFFERED}

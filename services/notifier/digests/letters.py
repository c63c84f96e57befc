"""What weekly letters say: to a person, what is theirs and what would suit them; to a manager, counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.notifier.content.languages import Language, language_of
from services.notifier.content.letter import Letter
from services.notifier.content.printable import line
from services.notifier.content.when import when
from shared.contract.commands.digests import ManagersTeams
from shared.contract.facts.notifier import CalendarEntry
from shared.contract.facts.registrations import Community, Contact


@dataclass(frozen=True)
class DigestLinks:
    """Where a letter leads."""

    programme: str
    page: str
    unsubscribe: str


def digest_letter(
    own: Sequence[CalendarEntry],
    suiting: Sequence[CalendarEntry],
    community: Community,
    recipient: Contact,
    links: DigestLinks,
) -> Letter:
    """A person's weekly letter, in their language and by their clocks."""
    language = language_of(recipient, community)
    facts = _common(community, recipient, links, language) | {
        "page_url": line(links.page),
        "own": [_session(entry, recipient, language) for entry in own],
        "own_heading": language.say("Your sessions of the days to come:"),
        "suiting": [_session(entry, recipient, language) for entry in suiting],
        "suiting_heading": language.say("These would suit you, and still have seats:"),
    }
    subject = language.say("Your week: %(community)s", community=line(community.name))
    return _rendered("digest", subject, facts, language)


def team_letter(counts: ManagersTeams, community: Community, recipient: Contact, links: DigestLinks) -> Letter:
    """A manager's weekly letter: counts, no names."""
    language = language_of(recipient, community)
    few = language.say("1 to 4")
    teams = [
        {
            "name": line(team.team),
            "rows": [
                {"what": language.say("People"), "count": team.people},
                {"what": language.say("With a seat"), "count": few if team.seated is None else team.seated},
                {"what": language.say("Seats"), "count": few if team.seats is None else team.seats},
                {"what": language.say("Presenting"), "count": few if team.presenting is None else team.presenting},
            ],
        }
        for team in counts.teams
    ]
    facts = _common(community, recipient, links, language) | {
        "teams": teams,
        "too_small": "; ".join(line(each) for each in counts.too_small),
    }
    subject = language.say("Your teams' week: %(community)s", community=line(community.name))
    return _rendered("team-digest", subject, facts, language)


def _session(entry: CalendarEntry, recipient: Contact, language: Language) -> dict[str, str]:
    return {
        "title": line(entry.title),
        "when": when(entry, recipient.zone, language),
        "where": line(entry.location),
    }


def _common(community: Community, recipient: Contact, links: DigestLinks, language: Language) -> dict[str, object]:
    return {
        "language": language.tag,
        "name": line(recipient.name),
        "programme_url": line(links.programme),
        "unsubscribe_url": line(links.unsubscribe),
        "organiser": line(community.organiser),
        "community": line(community.name),
    }


def _rendered(template: str, subject: str, facts: dict[str, object], language: Language) -> Letter:
    text, html = (language.templates.get_template(f"{template}.{form}.j2").render(facts) for form in ("txt", "html"))
    return Letter(subject, text, html, language.tag)

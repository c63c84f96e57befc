"""Mails without a calendar object, as a second reader sees them: reminders, weekly letters, what people are asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast

import pytest

from services.notifier.asking.letters import (
    Addressee,
    confirm_letter,
    edit_link_letter,
    enrolled_letter,
    offer_letter,
    received_letter,
)
from services.notifier.content.letter import Letter
from services.notifier.digests.letters import DigestLinks, digest_letter, team_letter
from services.notifier.notices.links import Links
from services.notifier.notices.unsubscribing import list_headers
from services.notifier.notices.writing import write_notice
from services.notifier.reminders.letter import ReminderLinks, reminder_letter
from shared.contract.catalogue import NOTICE
from shared.contract.commands.digests import ManagersTeams, TeamCounts
from shared.contract.facts.notices import NoticeKind
from shared.contract.facts.registrations import Community, Contact
from shared.contract.groups import Group
from shared.links import LinkKey
from tests.oracles.meaning import visible
from tests.oracles.messages import HOSTILE
from tests.oracles.reading import Reader, ReadMail
from tests.unit.notifier.notifier_samples import COMMUNITY, NOW, PAGE, contact, entry

_LINKS = Links(LinkKey(b"k" * 32), "https://northgate.example", COMMUNITY.community)
_TO_PAGES = DigestLinks(programme=f"{PAGE}/programme", page=PAGE, unsubscribe=f"{PAGE}/unsubscribe")


@dataclass(frozen=True)
class Notice:
    kind: NoticeKind
    letter: Letter
    community: Community
    recipient: Contact

    def mail(self) -> bytes:
        more = list_headers(self.kind, self.community, self.recipient, _LINKS, NOW) if self.kind.can_be_ended else {}
        ref = NOTICE.ref(self.community.community, self.recipient.person, self.kind, "weekly", "2027-w02")
        return write_notice(ref, self.letter, self.community, self.recipient, NOW, more=more).text.encode("ascii")


def _notices(text: str, language: str | None) -> Iterator[Notice]:
    community = COMMUNITY.model_copy(update={"name": text, "organiser": text})
    recipient = contact(name=text, language=language)
    told = entry(title=text, description=text, location=text, join_url="https://meet.example/abc")
    links = ReminderLinks(page=PAGE, release_seat=f"{PAGE}/no", unsubscribe=f"{PAGE}/unsubscribe")
    later = told.model_copy(update={"start": told.start + timedelta(days=2)})
    counts = TeamCounts.model_construct(team=text, people=9, seated=None, seats=7, presenting=0)
    teams = ManagersTeams.model_construct(person=recipient.person, teams=(counts,), too_small=(text,))
    yield Notice(NoticeKind.REMINDER, reminder_letter(told, community, recipient, links), community, recipient)
    letter = digest_letter([told], [later, told], community, recipient, _TO_PAGES)
    yield Notice(NoticeKind.DIGEST, letter, community, recipient)
    yield Notice(NoticeKind.TEAM_DIGEST, team_letter(teams, community, recipient, _TO_PAGES), community, recipient)
    for kind, asked in _asked(text, Addressee(community, recipient)):
        yield Notice(kind, asked, community, recipient)


def _asked(text: str, to: Addressee) -> Iterator[tuple[NoticeKind, Letter]]:
    told = entry(title=text, description=text, location=text)
    group = Group.model_construct(sector=None, school=text, department=None, tag=None, group=None)
    yield NoticeKind.EDIT_LINK, edit_link_letter(to, text, text, NOW, f"{PAGE}/proposal")
    yield NoticeKind.PROPOSAL_RECEIVED, received_letter(to, text, text, None, f"{PAGE}/proposal")
    yield NoticeKind.CONFIRM, confirm_letter(to, text, text, NOW, f"{PAGE}/confirm", chase=True)
    yield NoticeKind.SEAT_OFFER, offer_letter(to, told, NOW, f"{PAGE}/offer", online=False)
    yield NoticeKind.ENROLLED, enrolled_letter(to, text, [group], PAGE, f"{PAGE}/leave")


TEXTS = {"plain": "Retrieval practice", "other letters": "Grüße an Zoë", **HOSTILE}
NOTICES = {
    f"{notice.kind}, {language or 'no language'}: {name}": notice
    for name, text in TEXTS.items()
    for language in ((None,) if name in HOSTILE else (None, "de"))
    for notice in _notices(text, language)
}


def _parsed(notice: Notice) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(notice.mail(), policy=default))


@pytest.fixture(scope="module")
def mails(postal_mime: Reader) -> Mapping[str, ReadMail]:
    return dict(zip(NOTICES, postal_mime.mails([each.mail() for each in NOTICES.values()]), strict=True))


@pytest.mark.parametrize("name", NOTICES)
def test_both_readers_see_the_letter_that_was_written(name: str, mails: Mapping[str, ReadMail]) -> None:
    notice, mail, parsed = NOTICES[name], mails[name], _parsed(NOTICES[name])
    assert parsed.defects == []
    assert list(mail.header_names) == [each.lower() for each in parsed.keys()]  # noqa: SIM118 - a message, no dict
    assert visible(mail.subject) == visible(parsed["Subject"]) == visible(notice.letter.subject)
    texts = [each.get_content() for each in parsed.iter_parts()]
    assert [each.split() for each in texts] == [notice.letter.text.split(), notice.letter.html.split()]
    assert [mail.text.split(), mail.html.split()] == [notice.letter.text.split(), notice.letter.html.split()]
    assert mail.attachments == ()
    assert "<script" not in mail.html


@pytest.mark.parametrize("name", NOTICES)
def test_it_goes_to_one_person_by_name(name: str, mails: Mapping[str, ReadMail]) -> None:
    notice, mail = NOTICES[name], mails[name]
    [(to_name, to_address)] = mail.recipients
    assert (visible(to_name), to_address) == (visible(notice.recipient.name), notice.recipient.address)
    assert (visible(mail.sender[0]), mail.sender[1]) == (visible(notice.community.organiser), COMMUNITY.mailbox)


def test_every_kind_of_notice_is_read() -> None:
    assert {each.kind for each in NOTICES.values()} == set(NoticeKind)


@pytest.mark.parametrize("name", [name for name, each in NOTICES.items() if each.kind.can_be_ended])
def test_the_way_out_is_read_as_it_was_written(name: str) -> None:
    notice, parsed = NOTICES[name], _parsed(NOTICES[name])
    by_click, by_mail = (each.strip().strip("<>") for each in parsed["List-Unsubscribe"].split(","))
    assert by_click == _LINKS.unsubscribe(notice.recipient, notice.kind, NOW)
    assert by_mail.startswith(f"mailto:{COMMUNITY.mailbox}?subject=unsubscribe%20{notice.kind}%20")
    assert parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert parsed["List-Id"].endswith(f"<{notice.kind}.northgate.example>")

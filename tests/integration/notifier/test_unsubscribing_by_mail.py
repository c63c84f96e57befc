"""The other way out of notices: the mail that List-Unsubscribe names."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from attendee import hand_over
from drawing_lesson import Drawing

from services.notifier.notices.links import Links
from services.notifier.notices.unsubscribing import list_headers
from shared.contract.catalogue import PREFERENCE
from shared.contract.facts.notices import NoticeKind, Preference
from shared.contract.facts.registrations import Community, Contact
from shared.links import LinkKey
from teachmeet.local.folder import DataFolder
from tests.clock import CLOCK
from tests.processes import eventually
from tests.written_facts import history

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_mail_to_the_stated_address_ends_that_kind_of_notice_once(drawing: Drawing, folder: DataFolder) -> None:
    await drawing.released()
    name, now = drawing.sessions.community, CLOCK.now()
    domain = f"{name}.example"
    named = {"community": name, "domain": domain, "mailbox": f"sessions@{domain}"}
    ben = Contact(person="ben", name="Ben", address=f"ben@{domain}", zone="Europe/London")
    links = Links(LinkKey.read(folder.link_key), "https://desk.example", name)
    stated = list_headers(NoticeKind.DIGEST, Community.model_validate(Community.example | named), ben, links, now)
    mailto = stated["List-Unsubscribe"].split("mailto:")[1].rstrip(">")
    address, subject = mailto.split("?subject=")
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = ben.address, address, subject.replace("%20", " ")
    mail["Message-ID"] = f"<1@{domain}>"

    async def said() -> list[Preference]:
        facts = await history(drawing.sessions.facts_bus, PREFERENCE, Preference, community=name)
        return [state for _, state in facts]

    await drawing.mail_to("ben")
    for _ in range(2):
        await hand_over(drawing.services.port, mail.as_bytes(), address)
    [preference] = await eventually(said)
    assert (preference.person, preference.digest, preference.reminders) == ("ben", False, True)
    assert await drawing.quarantined() == []

"""From releases and seats to mails, with the notifier and the mail server as processes of their own."""

from __future__ import annotations

import email
import email.policy

import pytest
from released_sessions import START, Sessions

from shared.contract.commands.notifier import AskLink, Link
from shared.contract.facts.registrations import Contact
from shared.contract.results import Rejection
from shared.contract.subjects import Service
from shared.links import LinkKey
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.processes import Child
from tests.processes import eventually, serving
from tests.written_facts import publish

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("notifier")]


async def test_everybody_with_a_seat_gets_one_mail_that_only_they_see(sessions: Sessions) -> None:
    await sessions.established("amara", "ben", "cleo")
    await sessions.released({"drawing": ("amara", "ben"), "reading": ("amara",)})
    delivery = await sessions.delivered()
    assert (delivery.invitations, delivery.updates, delivery.cancellations) == (3, 0, 0)
    assert delivery.people == ("amara", "ben")
    assert len(sessions.mails()) == 3
    assert sessions.told() == {("amara", "REQUEST", 0), ("ben", "REQUEST", 0)}
    for [raw] in sessions.mails().values():
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        assert len(mail["To"].addresses) == 1
        assert mail["From"].addresses[0].addr_spec == f"sessions@{sessions.community}.example"
        assert (b"amara@" in raw) != (b"ben@" in raw)
    assert sorted(await sessions.statuses()) == ["claimed"] * 3 + ["sent"] * 3


async def test_a_person_is_written_to_in_their_language_and_by_their_clock(sessions: Sessions) -> None:
    await sessions.established("amara")
    address = f"jonas@{sessions.community}.example"
    jonas = Contact(person="jonas", name="Jonas Weiß", address=address, zone="Europe/Berlin", language="de")
    await publish(sessions.facts_bus, jonas, community=sessions.community)
    await sessions.released({"drawing": ("amara", "jonas")})
    await sessions.delivered()
    texts = {}
    for [raw] in sessions.mails().values():
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        body = mail.get_body(("plain",))
        assert body is not None
        texts[mail["To"].addresses[0].username] = (mail["Content-Language"], body.get_content())
    assert texts["jonas"][0] == "de"
    assert "Bei Ihnen: Dienstag, 12. Januar 2027, 16:30 bis 17:30 Uhr (Europe/Berlin)" in texts["jonas"][1]
    assert texts["amara"][0] == "en"
    assert "Tuesday, 12 January 2027, 15:30 to 16:30 (Europe/London)" in texts["amara"][1]


async def test_the_same_seats_again_are_no_mail(sessions: Sessions) -> None:
    await sessions.established("amara", "ben")
    await sessions.released({"drawing": ("amara", "ben")})
    await sessions.delivered()
    before = sessions.mails()
    await sessions.seated({"drawing": ("amara", "ben")})
    await sessions.released({"drawing": ("amara", "ben")})
    await sessions.delivered()
    assert sessions.mails() == before


async def test_a_moved_session_is_updated_a_lost_seat_cancelled_and_a_new_one_invited(sessions: Sessions) -> None:
    await sessions.established("amara", "ben", "cleo")
    await sessions.released({"drawing": ("amara", "ben")})
    await sessions.delivered()
    await sessions.released({"drawing": ("amara", "cleo")}, hours=1)
    delivery = await sessions.delivered()
    assert (delivery.invitations, delivery.updates, delivery.cancellations) == (3, 1, 1)
    assert sessions.told() == {
        ("amara", "REQUEST", 0),
        ("ben", "REQUEST", 0),
        ("amara", "REQUEST", 1),
        ("ben", "CANCEL", 1),
        ("cleo", "REQUEST", 0),
    }


async def test_a_session_that_left_the_programme_leaves_calendars_and_may_come_back(sessions: Sessions) -> None:
    await sessions.established("amara")
    await sessions.released({"drawing": ("amara",), "reading": ()})
    await sessions.delivered()
    await sessions.released({"reading": ()}, off=("drawing",))
    await sessions.delivered()
    assert sessions.told() == {("amara", "REQUEST", 0), ("amara", "CANCEL", 1)}
    await sessions.released({"drawing": ("amara",), "reading": ()})
    await sessions.delivered()
    assert sessions.told() == {("amara", "REQUEST", 0), ("amara", "CANCEL", 1), ("amara", "REQUEST", 2)}


async def test_who_is_registered_only_after_the_release_is_invited_then(sessions: Sessions) -> None:
    await sessions.established("amara")
    await sessions.released({"drawing": ("amara", "dee")})
    await eventually(lambda: sessions.got(1))
    await sessions.established("dee")
    await sessions.delivered()
    assert sessions.told() == {("amara", "REQUEST", 0), ("dee", "REQUEST", 0)}


async def test_a_second_notifier_on_the_same_stream_doubles_nothing(
    sessions: Sessions, broker: Broker, folder: DataFolder, environment: dict[str, str], mail_sink_port: int
) -> None:
    people = tuple(f"p-{number}" for number in range(40))
    await sessions.established(*people)

    async def both_follow() -> bool:
        return len(await sessions.facts_bus.js.consumers_info("NOTIFIER")) == 2

    async with serving("notifier", broker, folder, **environment, TEACHMEET_SMTP_PORT=str(mail_sink_port)):
        await eventually(both_follow)
        await sessions.released({"drawing": people})
        await sessions.delivered()
        await sessions.released({"drawing": people}, hours=1)
        await sessions.delivered()
    assert sessions.told() == {(person, "REQUEST", sequence) for person in people for sequence in (0, 1)}
    assert sorted(await sessions.statuses()) == ["claimed"] * 80 + ["sent"] * 80


async def test_a_notifier_killed_while_it_sends_loses_and_doubles_nothing_that_was_answered(
    sessions: Sessions, notifier: Child
) -> None:
    people = tuple(f"p-{number}" for number in range(40))
    await sessions.established(*people)
    await sessions.released({"drawing": people})
    await eventually(lambda: sessions.got(1))
    notifier.kill()
    # Up to four were on their way, one for each connection; they are sent again when their claims have run out.
    await eventually(lambda: sessions.got(36), within=120)
    assert all(len(copies) == 1 for copies in sessions.mails().values())


async def test_a_person_gets_a_link_that_is_signed_for_them(sessions: Sessions, folder: DataFolder) -> None:
    await sessions.established("amara")
    await sessions.released({"drawing": ("amara",)})
    await sessions.delivered()
    asking = sessions.organiser()
    link = await asking.ask(Service.NOTIFIER, AskLink(person="amara"), Link)
    claims = LinkKey.read(folder.link_key).verify(link.url.rsplit("/", 1)[1], now=START)
    assert (claims.community, claims.person) == (sessions.community, "amara")
    with pytest.raises(Rejection, match="person names nobody here"):
        await asking.ask(Service.NOTIFIER, AskLink(person="nobody"), Link)

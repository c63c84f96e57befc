"""From an invitation to the seat that an answer frees, by real SMTP, with registrations and notifier as processes."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta

import pytest
from attendee import hand_over, reply, reply_to
from drawing_lesson import ANSWERED_AT, Drawing
from released_sessions import PROGRAMME, START

from shared.contract.commands.replies import AnswerInvitation, AskReplies, DecideCounter, Replies
from shared.contract.facts.replies import PartStat
from shared.contract.subjects import Service
from teachmeet.local.processes import Child
from tests.faults.evidence import transmissions
from tests.processes import eventually

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_decline_by_mail_frees_the_seat_and_the_next_person_is_invited(drawing: Drawing) -> None:
    await drawing.released()
    await drawing.seated("amara", "ben")
    sent = await drawing.answers("ben", "DECLINED")
    await drawing.seated("amara", "cleo")
    await drawing.mail_to("cleo")
    [(what, state)] = await drawing.replies()
    assert (what, state.person, state.partstat, state.start) == ("answered", "ben", PartStat.DECLINED, START)
    assert (state.sequence, state.stamp, state.via) == (0, ANSWERED_AT + timedelta(minutes=1), "mail")

    # B13: the same mail once more is the same answer.
    await hand_over(drawing.services.port, sent, reply_to(await drawing.mail_to("ben")))
    assert len(await drawing.replies()) == 1


async def test_b9_an_answer_brings_no_mail_to_other_attendees(drawing: Drawing) -> None:
    await drawing.released()
    await drawing.mail_to("amara")
    await drawing.answers("ben", "ACCEPTED")
    await drawing.answers("ben", "DECLINED")
    await drawing.mail_to("cleo")
    assert {told for told in drawing.sessions.told() if told[0] == "amara"} == {("amara", "REQUEST", 0)}


async def test_who_accepts_after_a_decline_gets_the_seat_back_while_it_is_free(drawing: Drawing) -> None:
    await drawing.released()
    await drawing.answers("ben", "DECLINED")
    await drawing.seated("amara", "cleo")
    await drawing.answers("cleo", "DECLINED")
    await drawing.seated("amara")
    await drawing.answers("ben", "ACCEPTED")
    await drawing.seated("amara", "ben")


async def test_a_presenter_who_declines_keeps_the_seat_and_the_session_is_flagged(drawing: Drawing) -> None:
    await drawing.released()
    await drawing.answers("amara", "DECLINED")

    async def flagged() -> Replies | None:
        told = await drawing.organiser().ask(Service.NOTIFIER, AskReplies(programme=PROGRAMME), Replies)
        return told if told.sessions and told.sessions[0].presenters_declined == ("amara",) else None

    told = await eventually(flagged)
    assert told.sessions[0].declined == 1
    await drawing.seated("amara", "ben")


async def test_an_answer_told_to_the_organiser_counts_like_any_other(drawing: Drawing) -> None:
    await drawing.released()
    await drawing.mail_to("ben")
    declined = AnswerInvitation(person="ben", session="drawing", partstat="declined", comment="by phone")
    await drawing.organiser().command(Service.NOTIFIER, declined)
    await drawing.seated("amara", "cleo")
    [(_, state)] = await drawing.replies()
    assert (state.via, state.comment) == ("organiser", "by phone")


async def test_b8_a_counter_waits_for_the_organiser_and_a_refused_one_is_told(drawing: Drawing) -> None:
    await drawing.released()
    proposed = START + timedelta(days=1)
    await drawing.answers("ben", "TENTATIVE", method="COUNTER", start=proposed)
    told = await drawing.organiser().ask(Service.NOTIFIER, AskReplies(programme=PROGRAMME), Replies)
    [counter] = told.counters
    assert (counter.person, counter.proposed.start, counter.proposed.minutes) == ("ben", proposed, 60)
    decision = DecideCounter(person="ben", session="drawing", decision="decline")
    await drawing.organiser().command(Service.NOTIFIER, decision)
    told = await drawing.organiser().ask(Service.NOTIFIER, AskReplies(programme=PROGRAMME), Replies)
    assert told.counters == ()
    await drawing.mail_to("ben", "DECLINECOUNTER")
    await drawing.seated("amara", "ben")


async def test_b8_a_refresh_brings_the_present_invitation_once_more(drawing: Drawing) -> None:
    await drawing.released()
    await drawing.answers("ben", "NEEDS-ACTION", method="REFRESH")

    async def came_again() -> bool:
        mine = [key for key in transmissions(drawing.sessions.mail) if key[3].startswith("ben@")]
        return len([key for key in mine if key[3].endswith(f"@{drawing.sessions.community}.example")]) == 2

    await eventually(came_again, within=120)


async def test_a_cancel_by_an_attendee_changes_nothing_and_is_noted(drawing: Drawing) -> None:
    await drawing.released()
    await drawing.answers("ben", "DECLINED", method="CANCEL")
    [(what, state)] = await drawing.replies()
    assert (what, state.ignored, state.partstat) == ("ignored", 1, None)
    await drawing.seated("amara", "ben")


@pytest.mark.parametrize("victim", ["notifier", "registrations"])
async def test_a_service_killed_between_the_mail_and_the_seat_loses_nothing(drawing: Drawing, victim: str) -> None:
    await drawing.released()
    invited = await drawing.mail_to("ben")
    child: Child = getattr(drawing.services, victim)
    child.kill()
    mail = reply(invited, "DECLINED", ANSWERED_AT)
    # The listener may be away with its service: then the mail server that brings the mail tries again.
    await hand_over(drawing.services.port, mail, reply_to(invited))
    child.kill()
    await drawing.seated("amara", "cleo")
    await drawing.mail_to("cleo")
    assert [what for what, _ in await drawing.replies()] == ["answered"]


@pytest.mark.timeout(900)
async def test_killed_again_and_again_amid_many_answers_none_is_lost_and_none_counts_twice(drawing: Drawing) -> None:
    people = tuple(f"p-{number:02}" for number in range(24))
    dice = random.Random(2026)
    await drawing.released(*people)
    invited = {person: await drawing.mail_to(person) for person in people}

    async def declines(person: str) -> None:
        mail = reply(invited[person], "DECLINED", ANSWERED_AT)
        for _ in range(dice.choice((1, 2))):
            await hand_over(drawing.services.port, mail, reply_to(invited[person]))

    async def answer(persons: list[str]) -> None:
        for person in persons:
            await declines(person)

    async def kill() -> None:
        """One of the services each time two more answers are stored."""
        for enough in range(2, len(people), 3):

            async def stored(enough: int = enough) -> bool:
                return len(await drawing.replies()) >= enough

            await eventually(stored, within=120)
            dice.choice((drawing.services.notifier, drawing.services.registrations)).kill()

    await asyncio.gather(kill(), *(answer(list(people[start::4])) for start in range(4)))
    await drawing.seated("amara")
    told = await drawing.replies()
    assert sorted((what, state.person) for what, state in told) == [("answered", person) for person in people]

"""Answers by link or told to the organiser, the page behind a link, the organiser's list and decisions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from notifier_samples import NOW
from seated_release import START, View, release, seating

from services.notifier.replies.acquaintance import Acquaintance
from services.notifier.replies.answering import answered, shown
from services.notifier.replies.deciding import counter_decided, quarantine_decided
from services.notifier.replies.links import answer_links
from services.notifier.replies.listing import listed
from services.notifier.replies.standing import answers
from shared.bus.store import Write
from shared.contract.authority import ActorKind
from shared.contract.commands.replies import (
    AnswerInvitation,
    AskAnswer,
    AskReplies,
    DecideCounter,
    DecideQuarantine,
    Replies,
)
from shared.contract.facts.replies import Answered, CounterProposal, CounterState, PartStat, Quarantined
from shared.contract.results import Rejection
from shared.links import LinkKey, LinkScope

KEY = LinkKey(b"k" * 32)
OVER = START + timedelta(hours=2)
CASE = {"id": "9f2c", "why": "not invited", "session": "retrieval", "at": NOW, "mail": "AA=="}


@pytest.fixture
def view() -> View:
    """Two people are invited to one session."""
    invited = View(release(1, "retrieval"), seating(1, "p-001", "p-002"))
    invited.transmit()
    return invited


def answer(view: View, partstat: str, actor: ActorKind = ActorKind.PERSON, **other: Any) -> list[Write]:
    fields = {"person": "p-001", "session": "retrieval", "partstat": partstat, "generation": 1} | other
    now = fields.pop("now", NOW)
    command = AnswerInvitation.model_validate(fields)
    return answered(view.facts, view.book, "northgate", command, actor, now)


def stands(**fields: Any) -> Answered:
    return Answered.model_validate({"person": "p-001", "session": "retrieval"} | fields)


def state(writes: list[Write]) -> Any:
    [write] = writes
    return write.state


def test_an_answer_by_link_is_about_the_time_of_the_invitation(view: View) -> None:
    told = state(answer(view, "declined", comment="sorry"))
    assert (told.partstat, told.via, told.start, told.sequence, told.comment) == ("declined", "link", START, 0, "sorry")


def test_what_stands_already_is_not_written_again(view: View) -> None:
    told = state(answer(view, "declined"))
    view.know(told)
    assert answer(view, "declined") == []
    assert state(answer(view, "accepted")).partstat is PartStat.ACCEPTED


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"generation": 2}, "person"),
        ({"generation": None}, "person"),
        ({"person": "p-404"}, "person"),
        ({"session": "other"}, "session"),
        ({"now": OVER}, "session"),
    ],
    ids=["revoked", "no link", "unknown person", "not invited", "over"],
)
def test_what_cannot_be_answered_is_refused_and_names_the_field(
    view: View, changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(Rejection) as refused:
        answer(view, "accepted", **changed)
    assert refused.value.errors[0].field == field


def test_the_organiser_needs_no_link(view: View) -> None:
    assert state(answer(view, "declined", ActorKind.ORGANISER, generation=None)).via == "organiser"


def test_the_page_shows_the_invitation_and_what_stands_for_its_present_time(view: View) -> None:
    question = AskAnswer(person="p-001", session="retrieval", generation=1)
    page = shown(view.facts, view.book, "northgate", question, NOW)
    assert (page.start, page.minutes, page.partstat, page.open) == (START, 60, None, True)
    view.know(stands(partstat="declined", start=START))
    assert shown(view.facts, view.book, "northgate", question, NOW).partstat is PartStat.DECLINED
    view.know(stands(partstat="declined", start=START - timedelta(days=1)))
    assert shown(view.facts, view.book, "northgate", question, NOW).partstat is None
    assert not shown(view.facts, view.book, "northgate", question, OVER).open


def test_links_say_who_may_answer_about_what_until_when() -> None:
    links = answer_links("https://n.example", KEY, "northgate", "p-001", "retrieval", 3, OVER)
    assert list(links) == [PartStat.ACCEPTED, PartStat.TENTATIVE, PartStat.DECLINED]
    tokens = {link.split("/")[4] for link in links.values()}
    assert {link.rsplit("/", 1)[1] for link in links.values()} == {"accepted", "tentative", "declined"}
    claims = KEY.verify(tokens.pop(), now=NOW)
    assert (claims.scope, claims.person, claims.session, claims.generation, claims.expires) == (
        LinkScope.ANSWER,
        "p-001",
        "retrieval",
        3,
        OVER,
    )
    assert tokens == set()


def replies(view: View) -> Replies:
    return listed(view.facts, view.book, "northgate", AskReplies(programme="spring"))


def test_answers_are_counted_by_session_for_its_present_time(view: View) -> None:
    [tally] = replies(view).sessions
    assert (tally.accepted, tally.declined, tally.unanswered) == (0, 0, 2)
    view.know(stands(partstat="accepted", start=START))
    view.know(stands(person="p-002", partstat="declined", start=START - timedelta(days=1)))
    [tally] = replies(view).sessions
    assert (tally.accepted, tally.declined, tally.unanswered) == (1, 0, 1)


def test_b7_b8_what_waits_for_the_organiser_is_listed_until_it_is_decided(view: View) -> None:
    proposed = CounterProposal(start=START + timedelta(days=1), minutes=30, at=NOW)
    view.know(stands(counter=proposed, partstat="delegated", delegate="eve@lakeside.example", start=START))
    view.know(Quarantined.model_validate(CASE | {"person": "p-002", "reason": "unproven", "partstat": "declined"}))
    told = replies(view)
    assert [(each.person, each.proposed) for each in told.counters] == [("p-001", proposed)]
    assert [each.delegate for each in told.delegations] == ["eve@lakeside.example"]
    assert [(each.person, each.id) for each in told.quarantined] == [("p-002", "9f2c")]

    decision = DecideCounter(person="p-001", session="retrieval", decision="decline")
    view.know(state(counter_decided(view.facts, "northgate", decision, NOW)))
    assert replies(view).counters == ()
    assert counter_decided(view.facts, "northgate", decision, NOW) == []
    other = DecideCounter(person="p-001", session="retrieval", decision="take-up")
    with pytest.raises(Rejection, match="too late"):
        counter_decided(view.facts, "northgate", other, NOW)
    with pytest.raises(Rejection, match="proposed no other time"):
        counter_decided(
            view.facts, "northgate", DecideCounter(person="p-002", session="retrieval", decision="decline"), NOW
        )


def decide(view: View, decision: str, person: str = "p-002") -> list[Write]:
    command = DecideQuarantine.model_validate({"person": person, "id": "9f2c", "decision": decision})
    acquaintance = Acquaintance(view.facts, view.book, KEY)
    return quarantine_decided(view.facts, acquaintance, "northgate", command, NOW)


def test_a_mail_that_is_admitted_becomes_the_person_s_answer_and_is_forgotten(view: View) -> None:
    view.know(Quarantined.model_validate(CASE | {"person": "p-002", "reason": "unproven", "partstat": "declined"}))
    case, admitted = (write.state for write in decide(view, "admit"))
    assert (case.state, case.mail, case.decided_at) == ("admitted", None, NOW)
    assert (admitted.person, admitted.partstat, admitted.start, admitted.via) == (
        "p-002",
        "declined",
        START,
        "organiser",
    )
    view.know(case)
    assert decide(view, "admit") == []
    with pytest.raises(Rejection, match="too late"):
        decide(view, "dismiss")


def test_a_stranger_is_admitted_once_registered_under_the_address(view: View) -> None:
    fields = CASE | {"person": "unknown", "reason": "stranger", "partstat": "accepted", "sender": "p-002@h.example"}
    view.know(Quarantined.model_validate(fields))
    with pytest.raises(Rejection, match="nobody who is registered"):
        decide(view, "admit", "unknown")
    assert len(decide(view, "dismiss", "unknown")) == 1


def test_what_is_no_answer_can_only_be_dismissed(view: View) -> None:
    view.know(Quarantined.model_validate(CASE | {"person": "p-002", "reason": "unreadable"}))
    with pytest.raises(Rejection, match="not an answer"):
        decide(view, "admit")
    with pytest.raises(Rejection, match="names no mail"):
        decide(view, "admit", "p-001")


def test_planning_takes_the_answer_the_refresh_and_the_refused_counter(view: View) -> None:
    proposed = CounterProposal(at=NOW, state=CounterState.DECLINED, decided_at=NOW)
    view.know(stands(partstat="declined", start=START, at=NOW, via="mail", sequence=2, declined_in_calendar=2))
    view.know(stands(person="p-002", refresh_asked_at=NOW, counter=proposed))
    found = answers(view.facts, "northgate")
    ben = found["p-001", "retrieval"]
    assert (ben.partstat, ben.sequence, ben.declined_in_calendar) == (PartStat.DECLINED, 2, 2)
    amara = found["p-002", "retrieval"]
    assert (amara.partstat, amara.refresh_asked_at, amara.counter_declined_at) == (None, NOW, NOW)

"""Commands about what people answer: replies, answer, counter, quarantine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table

from shared.contract.commands.replies import (
    AnswerInvitation,
    AskReplies,
    CounterDecision,
    DecideCounter,
    DecideQuarantine,
    QuarantineDecision,
    Replies,
)
from shared.contract.subjects import Service
from teachmeet.commands.giving import give
from teachmeet.commands.output import DEFAULT_DATA, Community, Data, Json, console, organiser, print_json, run

app = typer.Typer()


class Said(StrEnum):
    """What somebody can be noted to have answered."""

    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"


@app.command()
def replies(
    programme: Annotated[str, typer.Argument(help="id of the programme")],
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Tell what people answered, and what waits for a decision: other times, delegates, mails in quarantine."""

    async def work() -> Replies:
        async with organiser(data, community) as requester:
            return await requester.ask(Service.NOTIFIER, AskReplies(programme=programme), Replies)

    told = run(work, as_json=as_json)
    if as_json:
        print_json(told)
        return
    console.print(_table(told))
    for sentence in waiting(told):
        console.print(sentence, markup=False, soft_wrap=True)


@app.command()
def answer(
    person: Annotated[str, typer.Argument(help="id of the person")],
    session: Annotated[str, typer.Argument(help="id of the session")],
    said: Annotated[Said, typer.Argument(help="what they told you")],
    comment: Annotated[str | None, typer.Option(help="their words")] = None,
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Note what somebody answered who told you instead of their calendar."""
    body = {"person": person, "session": session, "partstat": said.value, "comment": comment}
    give(Service.NOTIFIER, lambda: AnswerInvitation.model_validate(body), data, community, as_json=as_json)


@app.command()
def counter(
    person: Annotated[str, typer.Argument(help="id of the person")],
    session: Annotated[str, typer.Argument(help="id of the session")],
    decision: Annotated[CounterDecision, typer.Argument(help="decline tells the person; take-up notes it for you")],
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Decide about another time that somebody proposed."""
    give(
        Service.NOTIFIER,
        lambda: DecideCounter(person=person, session=session, decision=decision),
        data,
        community,
        as_json=as_json,
    )


@app.command()
def quarantine(
    person: Annotated[str, typer.Argument(help="as `teachmeet replies` lists it")],
    mail: Annotated[str, typer.Argument(help="id of the mail")],
    decision: Annotated[QuarantineDecision, typer.Argument(help="admit takes the answer, dismiss closes the matter")],
    data: Data = DEFAULT_DATA,
    community: Community = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Decide about a mail that was not acted upon."""
    give(
        Service.NOTIFIER,
        lambda: DecideQuarantine(person=person, id=mail, decision=decision),
        data,
        community,
        as_json=as_json,
    )


def _table(told: Replies) -> Table:
    table = Table(title="Answers", title_justify="left")
    for heading in ("Session", "Coming", "Maybe", "Not coming", "Delegated", "No answer yet"):
        table.add_column(heading)
    for each in told.sessions:
        counts = (each.accepted, each.tentative, each.declined, each.delegated, each.unanswered)
        table.add_row(each.session, *map(str, counts))
    return table


def waiting(told: Replies) -> Iterator[str]:
    """What waits for the organiser, one sentence each."""
    for tally in told.sessions:
        if tally.presenters_declined:
            who = ", ".join(tally.presenters_declined)
            yield f"{tally.session}: presenters cannot come at this time ({who}); it needs re-planning"
    for counter in told.counters:
        proposed = counter.proposed
        when = _when(proposed.start) if proposed.start is not None else "a time that could not be read"
        words = f': "{proposed.comment}"' if proposed.comment else ""
        yield f"{counter.session}: {counter.person} proposes {when}{words}"
    for delegation in told.delegations:
        yield f"{delegation.session}: {delegation.person} would send {delegation.delegate or 'somebody else'} instead"
    for mail in told.quarantined:
        about = f", about {mail.session}" if mail.session else ""
        says = f", says {mail.partstat}" if mail.partstat else ""
        yield f"mail {mail.person} {mail.id} from {mail.sender or 'nobody'}{about}{says}: {mail.why}"


def _when(start: datetime) -> str:
    return f"{start:%a} {start.day} {start:%b %Y %H:%M} UTC"

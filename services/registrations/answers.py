"""Which question is answered where. Nothing here writes."""

from __future__ import annotations

from pydantic import BaseModel

from services.registrations.decisions.people import AddressKey
from services.registrations.digest_questions import digest_material, team_counts
from services.registrations.hypothetical import SeatingsPreview
from services.registrations.intake import shown
from services.registrations.proposal_questions import answer
from services.registrations.questions import own_page, public_names
from services.registrations.seats.answering import SeatQuestion, seat_answer
from shared.bus.requests import Request
from shared.bus.service import Runtime
from shared.contract.commands.calls import AskAccessCodes, AskProposals, AskSimilar, AskTemplates
from shared.contract.commands.digests import AskDigestMaterial, AskTeamCounts
from shared.contract.commands.hypothetical import AskHypotheticalSeatings
from shared.contract.commands.intake import AskData, AskPersonState, AskProgramme, AskProposal
from shared.contract.commands.registrations import AskNames, AskPerson


class Answers:
    """Answers every question from the view."""

    def __init__(self, runtime: Runtime, keys: AddressKey) -> None:
        self._runtime = runtime
        self._keys = keys
        self._seatings = SeatingsPreview(runtime)

    async def answer(self, request: Request) -> BaseModel | None:
        """The answer; None when it was no question. Raises Rejection."""
        facts, community = self._runtime.facts, request.community
        match request.command:
            case AskDigestMaterial() as question:
                return await digest_material(facts, community, question)
            case AskTeamCounts() as question:
                return await team_counts(facts, community, question)
            case AskHypotheticalSeatings() as question:
                return await self._seatings.answer(community, question)
            case question if isinstance(question, SeatQuestion):
                return await seat_answer(facts, community, question, self._runtime.bus.clock.now())
            case AskPersonState() | AskProposal() | AskProgramme() | AskData():
                return await shown(self._runtime, request, self._keys)
        return self._answer_at_once(request)

    def _answer_at_once(self, request: Request) -> BaseModel | None:
        facts, community = self._runtime.facts, request.community
        match request.command:
            case AskNames() as question:
                return public_names(facts, community, question)
            case AskPerson() as question:
                return own_page(facts, community, question)
            case AskTemplates() | AskAccessCodes() | AskProposals() | AskSimilar() as question:
                return answer(facts, community, question, request.actor)
        return None

"""Decisions about enrolment: rules are set and removed, and people leave what a rule enrolled them in."""

from __future__ import annotations

from services.registrations.decisions.ledger import Ledger
from shared.contract.catalogue import ENROLMENT, ENROLMENT_RULE, PROGRAMME
from shared.contract.commands.enrolment import LeaveEnrolment, RemoveEnrolmentRule, SetEnrolmentRule
from shared.contract.facts.enrolment import Enrolment, EnrolmentRule
from shared.contract.facts.registrations import Programme


def set_rule(ledger: Ledger, command: SetEnrolmentRule) -> None:
    """From now on everybody of the group is enrolled; who left this rule before stays out."""
    ledger.require(PROGRAMME, Programme, "programme", command.programme)
    rule = EnrolmentRule(rule=command.rule, programme=command.programme, group=command.group)
    ledger.write(ENROLMENT_RULE, (command.rule,), "stated", rule)


def remove_rule(ledger: Ledger, command: RemoveEnrolmentRule) -> None:
    """The rule enrols nobody any more. It is kept, so that who left it is remembered if it is set again."""
    known = ledger.require(ENROLMENT_RULE, EnrolmentRule, "rule", command.rule)
    ledger.write(ENROLMENT_RULE, (command.rule,), "removed", known.model_copy(update={"removed": True}))


def leave(ledger: Ledger, command: LeaveEnrolment) -> None:
    """Out for good, as far as these rules go. Leaving twice, or what one is not in, changes nothing."""
    known = ledger.get(ENROLMENT, Enrolment, command.person, command.programme)
    if known is None or not known.rules:
        return
    left = known.model_copy(
        update={
            "rules": (),
            "left": tuple(sorted({*known.left, *known.rules})),
            "left_at": ledger.now,
        }
    )
    ledger.write(ENROLMENT, (command.person, command.programme), "left", left)

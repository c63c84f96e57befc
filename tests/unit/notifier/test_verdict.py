"""What a mail server's answer means: about the recipient, the mail, or us."""

from __future__ import annotations

import pytest

from services.notifier.delivery.outcome import About, Deferred, InDoubt, Misconfigured, Refused, Sent
from services.notifier.delivery.verdict import SmtpStep, judged

COMMANDS = [SmtpStep.MAIL, SmtpStep.RCPT, SmtpStep.DATA]


@pytest.mark.parametrize(
    "answer",
    [
        "550 5.1.1 no such user",
        "550 5.1.2 no such domain",
        "553 5.1.3 bad address",
        "551 5.1.6 moved",
        "550 5.2.1 disabled",
        "550 5.4.4 no route",
    ],
)
@pytest.mark.parametrize("step", [SmtpStep.RCPT, SmtpStep.DATA, SmtpStep.DOT])
def test_an_address_that_takes_no_mail_is_the_recipients_at_whatever_step_it_is_told(
    answer: str, step: SmtpStep
) -> None:
    code, text = answer.split(" ", 1)
    assert judged(int(code), text, step) == Refused(answer, About.RECIPIENT)


@pytest.mark.parametrize("code", [550, 551, 553, 556])
def test_a_plain_5xx_to_rcpt_is_the_recipients(code: int) -> None:
    assert judged(code, "no", SmtpStep.RCPT) == Refused(f"{code} no", About.RECIPIENT)


@pytest.mark.parametrize("code", [530, 534, 535, 538])
@pytest.mark.parametrize("step", SmtpStep)
def test_what_is_about_our_login_never_suppresses_anybody(code: int, step: SmtpStep) -> None:
    assert judged(code, "log in first", step) == Misconfigured(f"{code} log in first", certain=True)


@pytest.mark.parametrize("answer", ["554 no service", "550 5.1.1 odd", "500 what", "502 no EHLO"])
def test_no_5xx_before_the_mail_is_about_a_recipient(answer: str) -> None:
    code, text = answer.split(" ", 1)
    assert judged(int(code), text, SmtpStep.SESSION) == Misconfigured(answer, certain=True)


@pytest.mark.parametrize(
    "answer", ["550 our sender", "553 5.1.8 sender's domain", "501 5.1.7 sender", "503 5.5.1 order"]
)
def test_a_refused_sender_or_command_is_ours(answer: str) -> None:
    code, text = answer.split(" ", 1)
    assert judged(int(code), text, SmtpStep.MAIL) == Misconfigured(answer, certain=True)


@pytest.mark.parametrize("answer", ["550 5.7.1 relaying denied", "554 5.7.9 policy", "554 transaction failed"])
def test_a_policy_may_be_ours_or_the_recipients(answer: str) -> None:
    code, text = answer.split(" ", 1)
    assert judged(int(code), text, SmtpStep.RCPT) == Misconfigured(answer, certain=False)


@pytest.mark.parametrize("answer", ["552 5.3.4 too large", "554 5.6.0 odd content", "550 looks like spam", "552 size"])
def test_a_refused_content_is_about_this_mail_only(answer: str) -> None:
    code, text = answer.split(" ", 1)
    assert judged(int(code), text, SmtpStep.DOT) == Refused(answer, About.MESSAGE)


@pytest.mark.parametrize("step", SmtpStep)
def test_a_full_mailbox_is_tried_again(step: SmtpStep) -> None:
    expected = Misconfigured if step is SmtpStep.SESSION else Deferred
    assert isinstance(judged(552, "5.2.2 mailbox full", step), expected)


@pytest.mark.parametrize("step", [*COMMANDS, SmtpStep.DOT])
def test_4xx_is_tried_again(step: SmtpStep) -> None:
    assert judged(451, "4.3.2 later", step) == Deferred("451 4.3.2 later", reached=True)


def test_4xx_before_the_mail_concerns_every_mail() -> None:
    assert judged(421, "too busy", SmtpStep.SESSION) == Deferred("421 too busy", reached=False)


def test_only_2xx_to_the_dot_is_sent_and_what_is_unclear_there_is_doubt() -> None:
    assert judged(250, "OK", SmtpStep.DOT) == Sent("250 OK")
    assert isinstance(judged(354, "what", SmtpStep.DOT), InDoubt)
    assert isinstance(judged(354, "what", SmtpStep.RCPT), Deferred)

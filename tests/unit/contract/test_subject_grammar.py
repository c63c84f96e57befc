"""The subject grammar: what is built is parsed back, nothing else is a subject, wildcards catch what they should."""

from __future__ import annotations

import string
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contract import subjects
from shared.contract.catalogue import ENDPOINTS, FACTS
from shared.contract.subjects import (
    ApiSubject,
    DeadLetterSubject,
    EntityRef,
    FactSubject,
    InboxSubject,
    OutboxSubject,
    Outcome,
    ProgressSubject,
    Service,
    Subject,
    SubjectError,
    parse,
)

TOKENS = st.text(string.ascii_lowercase + string.digits + "-", min_size=1, max_size=12)
# Words of the grammar itself are valid ids too, and must not confuse the parser.
WORDS = TOKENS | st.sampled_from(["evt", "api", "inbox", "outbox", "v1", "live", "progress", "tm", "registrations"])
SERVICES = st.sampled_from(Service)
REFS = st.builds(EntityRef, WORDS, SERVICES, WORDS, st.lists(WORDS, min_size=1, max_size=3).map(tuple))
FACT_SUBJECTS = st.builds(FactSubject, REFS, WORDS)
API_SUBJECTS = st.builds(ApiSubject, WORDS, SERVICES, WORDS, WORDS, WORDS)
INBOX_SUBJECTS = st.builds(InboxSubject, WORDS, WORDS, WORDS, WORDS)
OUTBOX_SUBJECTS = st.builds(OutboxSubject, WORDS, WORDS, WORDS, st.sampled_from(Outcome))
LETTER_SUBJECTS = st.builds(DeadLetterSubject, WORDS, SERVICES, WORDS, WORDS)
PROGRESS_SUBJECTS = st.builds(ProgressSubject, WORDS, WORDS)
SUBJECTS: st.SearchStrategy[Subject] = st.one_of(
    FACT_SUBJECTS, API_SUBJECTS, INBOX_SUBJECTS, OUTBOX_SUBJECTS, LETTER_SUBJECTS, PROGRESS_SUBJECTS
)


def matches(wildcard: str, subject: str) -> bool:
    """NATS matching: ``*`` is one token, a last ``>`` is one or more."""
    pattern, tokens = wildcard.split("."), subject.split(".")
    if pattern[-1] == ">":
        pattern.pop()
        if len(tokens) <= len(pattern):
            return False
        tokens = tokens[: len(pattern)]
    pairs = zip(pattern, tokens, strict=False)
    return len(pattern) == len(tokens) and all(one in {"*", other} for one, other in pairs)


@given(SUBJECTS)
def test_what_is_built_is_parsed_back(subject: Subject) -> None:
    assert parse(str(subject)) == subject


@given(st.text(string.ascii_lowercase + string.digits + "-.*> \n\t\0ABÄ", max_size=60) | st.text(max_size=40))
def test_nothing_that_could_not_be_built_is_parsed(text: str) -> None:
    try:
        parsed = parse(text)
    except SubjectError:
        return
    assert str(parsed) == text


@given(SUBJECTS, st.data())
def test_a_subject_with_a_bad_token_is_refused(subject: Subject, data: st.DataObject) -> None:
    tokens = str(subject).split(".")
    place = data.draw(st.integers(0, len(tokens) - 1))
    tokens[place] = data.draw(st.sampled_from(["", "*", ">", "A", "a b", "a\n", "ä", "a_b", "\0"]))
    with pytest.raises(SubjectError):
        parse(".".join(tokens))


@given(SUBJECTS, TOKENS)
def test_one_token_more_at_the_end_is_never_the_same_kind_of_message(subject: Subject, more: str) -> None:
    longer = f"{subject}.{more}"
    try:
        parsed = parse(longer)
    except SubjectError:
        return
    # Only facts may have several ids.
    assert isinstance(parsed, FactSubject)
    assert isinstance(subject, FactSubject)


@pytest.mark.parametrize("bad", ["", "*", ">", "a.b", "A", "ä", "a b", "a\n", "\n"])
@pytest.mark.parametrize(
    "build",
    [
        lambda text: FactSubject(EntityRef(text, Service.NOTIFIER, "invite", ("p",)), "sent"),
        lambda text: FactSubject(EntityRef("c", Service.NOTIFIER, "invite", (text,)), "sent"),
        lambda text: FactSubject(EntityRef("c", Service.NOTIFIER, "invite", ("p",)), text),
        lambda text: ApiSubject("c", Service.NOTIFIER, text, "e", "v"),
        lambda text: InboxSubject("c", text, "e", "v"),
        lambda text: OutboxSubject("c", text, "d", Outcome.ACCEPTED),
        lambda text: DeadLetterSubject(text, Service.NOTIFIER, "d"),
        lambda text: ProgressSubject("c", text),
    ],
)
def test_a_bad_token_is_refused_when_a_subject_is_built(build: Callable[[str], Subject], bad: str) -> None:
    with pytest.raises(SubjectError):
        str(build(bad))


@given(SUBJECTS)
def test_each_subject_lies_in_exactly_one_stream(subject: Subject) -> None:
    wildcards = [subjects.facts_of(service) for service in Service]
    wildcards += [subjects.inbox_of(), subjects.outbox_of(), subjects.deadletters_of()]
    stored = 0 if isinstance(subject, ApiSubject | ProgressSubject) else 1
    assert sum(matches(each, str(subject)) for each in wildcards) == stored


@given(FACT_SUBJECTS, FACT_SUBJECTS)
def test_the_wildcard_of_an_entity_catches_its_facts_only(one: FactSubject, other: FactSubject) -> None:
    assert matches(one.ref.every_fact(), str(one))
    assert matches(one.ref.every_fact(), str(other)) == (one.ref == other.ref)


@given(FACT_SUBJECTS, FACT_SUBJECTS)
def test_the_wildcard_of_a_kind_catches_that_kind_only(one: FactSubject, other: FactSubject) -> None:
    wildcard = subjects.facts_of(one.ref.service, one.ref.entity, community=one.ref.community)
    same = (one.ref.service, one.ref.entity, one.ref.community) == (
        other.ref.service,
        other.ref.entity,
        other.ref.community,
    )
    assert matches(wildcard, str(one))
    assert matches(wildcard, str(other)) == same


@given(API_SUBJECTS, API_SUBJECTS)
def test_the_wildcard_of_a_caller_catches_nobody_else(one: ApiSubject, other: ApiSubject) -> None:
    wildcard = subjects.api_of(one.service, caller=one.caller)
    assert matches(wildcard, str(one))
    assert matches(wildcard, str(other)) == ((one.service, one.caller) == (other.service, other.caller))


@given(INBOX_SUBJECTS, OUTBOX_SUBJECTS)
def test_the_wildcards_of_a_partner_catch_nobody_else(given_in: InboxSubject, given_out: OutboxSubject) -> None:
    assert matches(subjects.inbox_of(given_in.partner), str(given_in))
    assert matches(subjects.outbox_of(given_out.partner, community=given_out.community), str(given_out))
    same = given_in.partner == given_out.partner
    assert matches(subjects.outbox_of(given_in.partner), str(given_out)) == same
    assert matches(given_out.every_outcome(), str(given_out))


@given(PROGRESS_SUBJECTS, LETTER_SUBJECTS)
def test_the_wildcards_of_progress_and_dead_letters(progress: ProgressSubject, letter: DeadLetterSubject) -> None:
    assert matches(subjects.progress_of(community=progress.community), str(progress))
    assert matches(subjects.progress_of(programme=progress.programme), str(progress))
    assert matches(subjects.deadletters_of(letter.service), str(letter))


def test_every_fact_and_endpoint_of_the_contract_has_a_subject() -> None:
    for kind in FACTS:
        ref = kind.ref("northgate", *("x" for _ in kind.ids))
        for what in kind.whats:
            assert parse(ref.fact(what)) == FactSubject(ref, what)
    for endpoint in ENDPOINTS:
        subject = ApiSubject("northgate", endpoint.service, "cli", endpoint.entity, endpoint.verb)
        assert parse(str(subject)) == subject

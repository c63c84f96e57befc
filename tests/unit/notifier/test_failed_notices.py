"""Which notices the organiser is told of because they did not arrive."""

from __future__ import annotations

from datetime import timedelta

from notifier_samples import NOW, POLICY

from services.notifier.delivery.failed_notices import FailedNotices
from shared.bus.facts import Facts
from shared.contract.catalogue import NOTICE
from shared.contract.facts.notices import Notice
from shared.contract.subjects import FactSubject

SUBJECTS = {"spring", "drawing"}


class Notices:
    """Facts about notices as they come, and what is told of them."""

    def __init__(self) -> None:
        self._facts = Facts()
        self._failed = FailedNotices(self._facts)
        self._seq = 0

    def know(self, person: str, status: str, about: str = "drawing", **other: object) -> None:
        self._seq += 1
        named = {"person": person, "about": about, "status": status, "ends_at": NOW + timedelta(days=2)}
        notice = Notice.model_validate(Notice.example | named | other)
        ref = NOTICE.ref("northgate", person, notice.kind, about, notice.occasion)
        self._facts.apply(FactSubject(ref, status), notice, self._seq)

    def told(self, hours: int = 0) -> list[tuple[str, str]]:
        found = self._failed.about("northgate", SUBJECTS, NOW + timedelta(hours=hours), POLICY)
        return [(each.person, each.why) for each in found]


def test_refused_and_given_up_notices_are_told_and_those_that_arrived_or_are_still_tried_are_not() -> None:
    notices = Notices()
    notices.know("amara", "sent")
    notices.know("ben", "refused")
    notices.know("cleo", "deferred", next_attempt_at=NOW + timedelta(minutes=5))
    notices.know("dee", "in-doubt", doubts=2)
    notices.know("eve", "claimed", deadline=NOW + timedelta(minutes=1))
    ben, dee = ("ben", "the mail server refused it"), ("dee", "twice nobody knows whether the mail server took it")
    assert notices.told() == [ben, dee]
    # When the session begins, nothing is tried any more.
    assert notices.told(hours=48) == [ben, ("cleo", "the mail server did not take it in time"), dee]


def test_a_notice_that_arrives_after_all_is_told_no_more() -> None:
    notices = Notices()
    notices.know("amara", "in-doubt", doubts=1)
    assert notices.told(hours=48)
    notices.know("amara", "sent")
    assert notices.told(hours=48) == []


def test_only_what_is_about_the_programme_is_told_the_last_first() -> None:
    notices = Notices()
    notices.know("amara", "refused", about="elsewhere")
    notices.know("ben", "refused", claimed_at=NOW)
    notices.know("cleo", "refused", about="spring", kind="enrolled", claimed_at=NOW + timedelta(hours=1))
    assert [person for person, _ in notices.told()] == ["cleo", "ben"]

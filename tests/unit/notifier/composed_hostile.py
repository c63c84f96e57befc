"""Composes a mail whose every text is hostile, and writes it to standard output; also run by ``python -O``."""

from __future__ import annotations

import sys

from notifier_samples import COMMUNITY, NOW, PAGE, contact, message
from planned_messages import series

from services.notifier.content.mail import write_mail

INJECTED = "ATTENDEE:mailto:evil@evil.example"
HOSTILE = f'x\r\n{INJECTED}\n{INJECTED}\r\x00\x0b\x0c\x07\x85\u2028\ud800"^n;,:\\=?utf-8?q?x?=\r\n\r\n<b>🎓'
FIELDS = ("title", "description", "location", "presenters", "join_url", "name", "organiser", "community")


def composed(hostile: str, *fields: str) -> str:
    """The bytes of a mail in which these fields hold that text."""
    texts = dict.fromkeys(fields, hostile)
    held = series(title="A title", description="About it", location="Hall", join_url="https://meet.example")
    update: dict[str, object] = {name: text for name, text in texts.items() if name in type(held).model_fields}
    if "presenters" in texts:
        update["presenters"] = (hostile,)
    held = held.model_copy(update=update)
    about = {"organiser": texts.get("organiser", "Organiser"), "name": texts.get("community", "Community")}
    community = COMMUNITY.model_copy(update=about | {"alarm_minutes": 15})
    recipient = contact(name=texts.get("name", "Amara Osei"))
    return write_mail(message(entry=held), community, recipient, NOW, PAGE, reply_to="sessions+x@a.example").text


if __name__ == "__main__":
    sys.stdout.write(f"{sys.flags.optimize}\n{composed(HOSTILE, *FIELDS)}")

"""A sample of every message that a partner may put into its inbox."""

from __future__ import annotations

import json
from collections.abc import Iterator

from shared.contract.catalogue import ENDPOINTS
from shared.contract.envelope import CONTENT_TYPE, source
from shared.contract.structured import STRUCTURED
from shared.contract.subjects import InboxSubject
from teachmeet.contract_kit.messages import Sample


def samples(community: str, partner: str, *, structured: bool = False) -> Iterator[Sample]:
    """Messages that are accepted as far as their form goes, in binary or in structured mode."""
    for each in ENDPOINTS:
        if not each.inbox:
            continue
        subject = str(InboxSubject(community, partner, each.entity, each.verb))
        own_id = f"sample-{each.entity}-{each.verb}"
        if structured:
            event = {
                "specversion": "1.0",
                "id": own_id,
                "source": source(community, partner),
                "type": each.type,
                "datacontenttype": CONTENT_TYPE,
                "data": each.command.example,
            }
            headers = {"content-type": STRUCTURED, "Nats-Msg-Id": f"{subject}/{own_id}"}
            yield Sample(subject, headers, json.dumps(event).encode())
            continue
        headers = {
            "ce-id": own_id,
            "ce-type": each.type,
            "content-type": CONTENT_TYPE,
            "Nats-Msg-Id": f"{subject}/{own_id}",
        }
        yield Sample(subject, headers, json.dumps(each.command.example).encode())

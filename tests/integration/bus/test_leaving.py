"""A service that is told to leave does so also when the broker says nothing any more."""

from __future__ import annotations

import os
import signal

import pytest

from shared.contract.subjects import Service
from teachmeet.local.broker import Broker
from teachmeet.local.folder import DataFolder
from teachmeet.local.processes import Child
from tests.processes import answers, eventually, serving


@pytest.mark.skipif(os.name == "nt", reason="a process is stopped by a signal")
async def test_a_silent_broker_keeps_nobody_from_leaving(
    broker_process: tuple[Broker, Child], folder: DataFolder
) -> None:
    broker, process = broker_process
    async with serving("scheduler", broker, folder) as service:
        await answers(broker, Service.SCHEDULER)
        before, broker_pid = service.pid, process.pid
        assert before is not None
        assert broker_pid is not None

        async def started_anew() -> bool:
            return service.starts > 1

        os.kill(broker_pid, signal.SIGSTOP)
        try:
            os.kill(before, signal.SIGTERM)
            await eventually(started_anew, within=17.0)
        finally:
            os.kill(broker_pid, signal.SIGCONT)
        await answers(broker, Service.SCHEDULER)
        log = (folder.logs / "scheduler.log").read_text()
        # nats-py's own way to leave, a drain, waits for the broker for 20 s, and says so.
        assert "draining" not in log
        assert "Traceback" not in log

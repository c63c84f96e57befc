"""What the running apps serve, by FastStream's own AsyncAPI document. Nothing connects; keys are thrown away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from faststream.specification import AsyncAPI

from services.notifier.app import make_app as notifier
from services.notifier.settings import NotifierSettings
from services.registrations.app import make_app as registrations
from services.registrations.settings import RegistrationsSettings
from services.scheduler.app import make_app as scheduler
from services.scheduler.settings import SchedulerSettings
from shared.bus.service import ServiceApp
from shared.contract.subjects import Service
from teachmeet.local.folder import DataFolder

# Stands for any partner: the channels of real ones differ in this token only.
SAMPLE_PARTNER = "partner"


@dataclass(frozen=True)
class ServedChannel:
    """One subscription of a running app."""

    address: str
    description: str
    queue: str | None


@dataclass(frozen=True)
class ServedApp:
    """A service as its app describes itself: its channels by address, and how clients sign in."""

    channels: Mapping[str, ServedChannel]
    security: Mapping[str, Any]
    host: str


def _registrations(folder: DataFolder) -> ServiceApp:
    return registrations(
        RegistrationsSettings(**_bus(folder, Service.REGISTRATIONS), people_key_file=folder.people_key)
    )


def _scheduler(folder: DataFolder) -> ServiceApp:
    return scheduler(SchedulerSettings(**_bus(folder, Service.SCHEDULER)))


def _notifier(folder: DataFolder) -> ServiceApp:
    return notifier(NotifierSettings(**_bus(folder, Service.NOTIFIER), link_key_file=folder.link_key))


APPS: Mapping[Service, Callable[[DataFolder], ServiceApp]] = {
    Service.REGISTRATIONS: _registrations,
    Service.SCHEDULER: _scheduler,
    Service.NOTIFIER: _notifier,
}


def served_channels() -> dict[Service, ServedApp]:
    """Each service's app, built with keys that nobody uses."""
    with TemporaryDirectory() as path:
        folder = DataFolder(Path(path))
        return {service: _describe(build(folder)) for service, build in APPS.items()}


def _bus(folder: DataFolder, service: Service) -> dict[str, Any]:
    return {
        "nats": "nats://broker.example:4222",
        "user": service.value,
        "seed_file": folder.user(service).seed_file,
        "partners": (SAMPLE_PARTNER,),
    }


def _describe(app: ServiceApp) -> ServedApp:
    document = AsyncAPI(app.broker, schema_version="3.0.0").to_specification().to_jsonable()
    channels = [_channel(each) for each in document["channels"].values()]
    return ServedApp(
        channels={each.address: each for each in channels},
        security=document["components"]["securitySchemes"],
        host=next(iter(document["servers"].values()))["host"],
    )


def _channel(channel: Mapping[str, Any]) -> ServedChannel:
    binding = channel["bindings"]["nats"]
    return ServedChannel(channel["address"], channel["description"], binding.get("queue"))

"""The packs that a scheduler knows: those that come with it, and those of a folder of the community's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from services.scheduler.errors import PackError
from services.scheduler.packs_reading.pack import OverrideError, Pack, PackDocument
from services.scheduler.packs_reading.yaml_file import YamlFile
from services.scheduler.rules.policy import taken_ids

PackFile = YamlFile[PackDocument]


@dataclass(frozen=True)
class Library:
    """Packs by id, and in words what is wrong with the files that could not be used."""

    packs: Mapping[str, Pack]
    problems: tuple[str, ...] = ()


@cache
def shipped_packs() -> Mapping[str, Pack]:
    """The policy packs that come with the scheduler, by id. Raises ``PackError``."""
    library = read_library(Path(str(resources.files("services.scheduler") / "packs")))
    if library.problems:
        raise PackError("\n".join(library.problems))
    return library.packs


def packs_with(folder: Path | None) -> Library:
    """The shipped packs, and those of the folder that are in order."""
    if folder is None:
        return Library(shipped_packs())
    if not folder.is_dir():
        return Library(shipped_packs(), (f"pack folder {folder} is no folder; only the shipped packs are known",))
    return read_library(folder, shipped_packs())


def read_library(folder: Path, beneath: Mapping[str, Pack] | None = None) -> Library:
    """All packs of a folder, on top of those known already. A bad file costs no other."""
    reading = _Reading(dict(beneath or {}))
    for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        reading.read(path)
    reading.lay_out()
    return Library(reading.packs, tuple(reading.problems))


def read_pack(path: Path, beneath: Mapping[str, Pack] | None = None) -> Pack:
    """The pack in that file, on top of packs that are known, of which it may be one.

    Raises ``PackError``, which names file, key and line of all that is wrong, one a line.
    """
    file = _read(path)
    name = file.model.pack
    reading = _Reading({other: pack for other, pack in (beneath or {}).items() if other != name})
    reading.files[name] = file
    reading.lay_out()
    if reading.problems:
        raise PackError("\n".join(reading.problems))
    return reading.packs[name]


def _read(path: Path) -> PackFile:
    """One file, seen by itself. Raises ``PackError``."""
    file = YamlFile.read(path, PackDocument)
    for place, rule in enumerate(file.model.rules):
        # Some kinds could do without a source; a pack says who asks for each of its rules.
        if "source" not in rule.model_fields_set:
            told = f"rules.{place}.source: is missing; allowed: who asks for it, and where it is written down"
            raise file.complaint(told, "rules", place)
    for place, told in taken_ids(file.model.rules):
        raise file.complaint(f"rules.{place}.id: {told}", "rules", place)
    return file


class _Reading:
    """Files on their way to packs."""

    def __init__(self, packs: dict[str, Pack]) -> None:
        self.packs = packs
        self.files: dict[str, PackFile] = {}
        self.problems: list[str] = []

    def read(self, path: Path) -> None:
        try:
            file = _read(path)
            name = file.model.pack
            if name in self.packs or name in self.files:
                raise file.complaint(f"pack: there is a pack {name!r} already; choose another id", "pack")
        except PackError as error:
            self.problems.append(str(error))
        else:
            self.files[name] = file

    def lay_out(self) -> None:
        for name in self.files:
            try:
                self._laid_out(name, ())
            except PackError as error:
                if str(error) not in self.problems:
                    self.problems.append(str(error))

    def _laid_out(self, name: str, above: tuple[str, ...]) -> Pack:
        """A pack with all that it extends. Raises ``PackError``."""
        if name not in self.packs:
            file = self.files[name]
            extended = [self._extended(file, place, (*above, name)) for place in range(len(file.model.extends))]
            try:
                self.packs[name] = Pack.of(file.model, extended)
            except OverrideError as error:
                place = file.model.overrides.index(error.override)
                raise file.complaint(f"overrides.{place}.rule: {error}", "overrides", place) from None
        return self.packs[name]

    def _extended(self, file: PackFile, place: int, above: tuple[str, ...]) -> Pack:
        name = file.model.extends[place]
        if name in above:
            circle = " -> ".join((*above[above.index(name) :], name))
            raise file.complaint(f"extends.{place}: packs extend each other in a circle: {circle}", "extends", place)
        if name not in self.packs and name not in self.files:
            known = ", ".join(sorted({*self.packs, *self.files}))
            raise file.complaint(f"extends.{place}: {name!r} is no pack; known are {known}", "extends", place)
        return self._laid_out(name, above)

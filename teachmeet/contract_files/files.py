"""The files of docs/contract, by name and text; the same on every machine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from teachmeet.contract_files.agreement import check_agreement
from teachmeet.contract_files.apps import served_channels
from teachmeet.contract_files.asyncapi import asyncapi
from teachmeet.contract_files.purposes import purposes
from teachmeet.contract_files.rights import rights
from teachmeet.contract_files.schemas import schemas

_GENERATED = ("*.json", "schemas/*.json", "purposes.md", "rights.md")


def contract_files() -> dict[str, str]:
    """Every file by its path below docs/contract. Raises DisagreementError when apps and contract differ."""
    served = served_channels()
    check_agreement(served)
    return {
        "asyncapi.json": _json(asyncapi(served)),
        "purposes.md": purposes(),
        "rights.md": rights(),
        **{f"schemas/{name}.json": _json(schema) for name, schema in schemas().items()},
    }


def stale_files(folder: Path, files: Mapping[str, str]) -> dict[str, str]:
    """Files on disk that are not as they should be, with what is wrong with each."""
    found = {str(path.relative_to(folder)): path for pattern in _GENERATED for path in folder.glob(pattern)}
    stale = dict.fromkeys(found.keys() - files.keys(), "is no longer part of the contract")
    for name, text in files.items():
        if name not in found:
            stale[name] = "is missing"
        elif found[name].read_text(encoding="utf-8") != text:
            stale[name] = "differs from the code"
    return dict(sorted(stale.items()))


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Make the folder hold these files, and no generated file besides."""
    for name in stale_files(folder, files):
        path = folder / name
        if name in files:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files[name], encoding="utf-8")
        else:
            path.unlink()


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"

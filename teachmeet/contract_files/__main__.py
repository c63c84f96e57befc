"""``python -m teachmeet.contract_files [--check]``: write docs/contract, or say which of its files are stale."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from teachmeet.contract_files.agreement import DisagreementError
from teachmeet.contract_files.files import contract_files, stale_files, write_files

FOLDER = Path("docs/contract")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m teachmeet.contract_files", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when a file is stale")
    parser.add_argument("--folder", type=Path, default=FOLDER, help=f"where the files are (default {FOLDER})")
    chosen = parser.parse_args(arguments)
    try:
        files = contract_files()
    except DisagreementError as error:
        print(error, file=sys.stderr)
        return 1
    stale = stale_files(chosen.folder, files)
    if chosen.check:
        return _report(chosen.folder, stale)
    write_files(chosen.folder, files)
    print(f"{chosen.folder}: {len(files)} files, {len(stale)} changed")
    return 0


def _report(folder: Path, stale: dict[str, str]) -> int:
    if not stale:
        return 0
    print(f"{folder} is stale; run `make contract` and commit what it writes:", file=sys.stderr)
    for name, why in stale.items():
        print(f"  {name}: {why}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())

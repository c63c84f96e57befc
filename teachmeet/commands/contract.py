"""The contract-test kit for partner systems: check sample messages offline, and make some to begin with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from shared.contract.results import FieldError
from shared.contract.subjects import SubjectError, token
from teachmeet.commands.output import Json, console, guarded, print_json
from teachmeet.contract_kit.messages import read_samples
from teachmeet.contract_kit.samples import samples
from teachmeet.contract_kit.verifying import Verdict, Verifier

app = typer.Typer()
contract = typer.Typer(
    no_args_is_help=True, help="Check a partner system's messages, and make samples; nothing is sent."
)
app.add_typer(contract, name="contract")

CommunityName = Annotated[str, typer.Option("--community", help="id of the community")]
PartnerName = Annotated[str, typer.Option("--partner", help="your name as the operator gave it")]


@contract.command()
def verify(
    files: Annotated[list[Path], typer.Argument(help="JSON or NDJSON: subject, headers and body of each message")],
    community: CommunityName = "northgate",
    partner: PartnerName = "partner",
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Check messages as the services would. Exits with 0: all fit; 1: some would be rejected; 2: misuse."""
    _check_tokens(community, partner)
    verifier = Verifier(community, partner)
    found = [
        (file.name, verdict)
        for file in files
        for verdict in verifier.verdicts(read_samples(guarded(file.read_bytes, as_json=as_json)))
    ]
    rejected = sum(bool(verdict.errors) for _, verdict in found)
    if as_json:
        print_json({"messages": [_as_json(name, verdict) for name, verdict in found], "rejected": rejected})
    else:
        for name, verdict in found:
            _tell(name, verdict)
        console.print(f"{len(found)} messages, {rejected} would be rejected")
    raise typer.Exit(1 if rejected or not found else 0)


@contract.command("samples")
def make_samples(
    structured: Annotated[bool, typer.Option("--structured", help="in structured mode")] = False,  # noqa: FBT002
    out: Annotated[Path | None, typer.Option("--out", "-o", help="file; printed if not given")] = None,
    community: CommunityName = "northgate",
    partner: PartnerName = "partner",
) -> None:
    """Make a sample of every message that the inbox takes, one a line."""
    _check_tokens(community, partner)
    lines = [json.dumps(each.as_json()) for each in samples(community, partner, structured=structured)]
    if out is None:
        typer.echo("\n".join(lines))
    else:
        guarded(lambda: out.write_text("\n".join(lines) + "\n", encoding="utf-8"), as_json=False)
        console.print(f"{len(lines)} samples are written to {out}", markup=False, soft_wrap=True)


def _check_tokens(*names: str) -> None:
    try:
        for each in names:
            token(each)
    except SubjectError as error:
        raise typer.BadParameter(str(error), param_hint="--community/--partner") from None


def _as_json(name: str, verdict: Verdict) -> dict[str, object]:
    return {
        "file": name,
        "message": verdict.number,
        "subject": verdict.about,
        "errors": [error.model_dump() for error in verdict.errors],
        "hints": list(verdict.hints),
    }


def _tell(name: str, verdict: Verdict) -> None:
    where = f"{name}, message {verdict.number}"
    for error in verdict.errors:
        console.print(f"{where}: {_sentence(error)}", style="yellow", markup=False, soft_wrap=True)
    for hint in verdict.hints:
        console.print(f"{where}: hint: {hint}", style="cyan", markup=False, soft_wrap=True)
    if not verdict.errors:
        console.print(f"{where}: fits", markup=False)


def _sentence(error: FieldError) -> str:
    return f"{error.field} {error.problem}; allowed: {error.allowed}"

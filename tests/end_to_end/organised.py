"""A community of one school on a running system, and commands that an organiser gives there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from click.testing import Result
from system_on_a_folder import Up
from typer.testing import CliRunner

from teachmeet.cli import app
from teachmeet.local.state import SystemState, write_state
from tests.clock import CLOCK

COMMUNITY = """
community:
  id: lakeside
  name: Lakeside Learning
  zone: Europe/London
  domain: lakeside.example
  organiser: Lakeside sessions
  mailbox: sessions@lakeside.example
rooms:
  - room: hall
    name: Hall
    site: Lakeside School
    capacity: 60
    online_capacity: 200
    join_template: jitsi:meet.lakeside.example
    hours:
      - {weekdays: [mon, tue, wed, thu], start: "16:30", end: "18:00"}
"""
PEOPLE = """person,name,address,school
p-001,Vera Adeyemi,vera@lakeside.example,Lakeside
p-002,Ben Ito,ben@lakeside.example,Lakeside
"""


@contextmanager
def organised(folder: Path) -> Iterator[Up]:
    """The system with the community, its hall and two people."""
    up = Up(folder / "data")
    up.folder.mkdir()
    write_state(up.folder, SystemState(community="lakeside", clock_offset_seconds=CLOCK.offset_seconds))
    up.start()
    try:
        (folder / "community.yaml").write_text(COMMUNITY)
        (folder / "people.csv").write_text(PEOPLE)
        said(up, "import", str(folder / "community.yaml"), str(folder / "people.csv"))
        yield up
    finally:
        up.end()
        up.cleared_away()


def ran(up: Up, *arguments: str) -> Result:
    """A command, in this process: a new one for each would take most of the test's time."""
    return CliRunner().invoke(app, [*arguments, "--data", str(up.folder), "--community", "lakeside"])


def said(up: Up, *arguments: str) -> str:
    done = ran(up, *arguments)
    assert done.exit_code == 0, done.output
    return done.stdout


def refused(up: Up, *arguments: str) -> str:
    done = ran(up, *arguments)
    assert done.exit_code == 1, done.output
    return " ".join(done.stderr.split())

"""``python -m teachmeet``: the command line."""

from teachmeet.cli import app

app()

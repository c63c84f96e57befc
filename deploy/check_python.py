"""Checks, before anything is installed, that this Python can run the project; says what to do when it cannot.

Runs on any Python 3, so it uses nothing newer.
"""

import sys

FIRST, LAST = (3, 11), (3, 14)


def main():  # noqa: ANN201 - must parse on every Python 3
    found = sys.version_info[:2]
    if not FIRST <= found <= LAST:
        return (
            "This is Python %d.%d; TeachMeet Scheduler needs %d.%d to %d.%d.\n"
            "Install one of them and name it: make PYTHON=python3.12 ..." % (found + FIRST + LAST)  # noqa: UP031
        )
    if sys.implementation.name != "cpython":
        return "This is %s; the solver has wheels for CPython only." % sys.implementation.name  # noqa: UP031
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return (
            "This Python cannot make virtual environments (ensurepip or venv is missing).\n"
            "On Debian and Ubuntu: apt install python3-venv"
        )
    return None


if __name__ == "__main__":
    sys.exit(main())

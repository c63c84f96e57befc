"""Checks, before anything is installed, that this Python can run the project; says what to do when it cannot.

Runs on any Python since 3.6, so it uses nothing newer.
"""

import sys

FIRST, LAST = (3, 11), (3, 14)


def main():  # noqa: ANN201 - must parse on every Python 3
    found = sys.version_info[:2]
    if not FIRST <= found <= LAST:
        allowed = " to ".join(".".join(map(str, version)) for version in (FIRST, LAST))
        return (
            f"This is Python {found[0]}.{found[1]}; TeachMeet Scheduler needs {allowed}.\n"
            "Install one of them and name it: make PYTHON=python3.12 ..."
        )
    if sys.implementation.name != "cpython":
        return f"This is {sys.implementation.name}; the solver has wheels for CPython only."
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

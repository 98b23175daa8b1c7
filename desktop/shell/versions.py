"""Which versions cannot work together."""

from __future__ import annotations

from desktop.core.errors import MoorageError

BROKEN_QT = (6, 12)
FIRST_GOOD_PYTHON = (3, 12)


def refuse_bad_pair(python: tuple[int, ...], pyside: tuple[int, ...]) -> None:
    """PySide6 6.12 takes a reference to None too much at each call of a void method. Below Python 3.12, where
    None can die, the process does within seconds (`none_dealloc`)."""
    if python < FIRST_GOOD_PYTHON and pyside >= BROKEN_QT:
        have, want = (".".join(map(str, version[:2])) for version in (python, FIRST_GOOD_PYTHON))
        qt = ".".join(map(str, pyside[:3]))
        raise MoorageError(
            f"PySide6 {qt} does not work with Python {have}",
            "It corrupts reference counts there, and the process dies within seconds",
            f"Install PySide6-Essentials below 6.12, or use Python {want} or newer",
        )

"""Opens the window."""

from __future__ import annotations

from desktop.client.home import default_home
from desktop.core.errors import MoorageError
from desktop.core.paths import Home

from .failure import report


def open_window(home: Home | None = None, hidden: bool = False) -> int:
    """Runs the app until the user quits it; the exit code comes back."""
    try:
        try:
            import desktop.shell.plain_imports  # noqa: F401  (comes first)
            from desktop.app import run
        except ImportError as error:
            raise MoorageError(
                "The window needs Qt", str(error), "`./packaging/run` installs what is missing"
            ) from None
        return run(home or default_home(), hidden)
    except MoorageError as error:
        return report(error)

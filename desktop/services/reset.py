"""Takes away all that Moorage made on this computer, and nothing that it did not make."""

from __future__ import annotations

import asyncio
import contextlib
import shutil

from desktop.client.connection import SupervisorGone
from desktop.client.supervisor import SupervisorClient
from desktop.core.errors import MachineError, NeedsConfirmation
from desktop.core.paths import Home
from desktop.engine.context import DockerContexts
from desktop.machine.process import is_locked


async def reset_everything(home: Home, confirmed: bool = False) -> None:
    """Ends the machine and deletes it with its settings, guest image, runtime and docker context."""
    if not confirmed:
        raise NeedsConfirmation(
            "All containers, images and volumes, the guest image, the runtime and every setting will be deleted",
            f"Moorage then is as on its first day; its files are in {home.base}",
            "This cannot be undone",
        )
    if is_locked(home.app_lock):
        raise MachineError("The window is open", "it would write its files again", "Quit it in its tray menu first")
    client = SupervisorClient(home.machine())
    await client.reset(confirmed=True)
    with contextlib.suppress(SupervisorGone):
        await client.quit()
    await asyncio.to_thread(_delete, home)


def _delete(home: Home) -> None:
    """By name: the base folder may be one that holds other things too."""
    DockerContexts().remove()
    machine = home.machine()
    for folder in (machine.sockets, machine.folder, home.guest, home.runtime):
        if folder.exists():
            shutil.rmtree(folder)
    for file in (home.host_facts, home.window_state, home.crash_log, home.app_lock, home.settings_file):
        file.unlink(missing_ok=True)
    for aside in home.base.glob(f"{home.settings_file.name}.broken-*"):
        aside.unlink()
    for folder in (machine.folder.parent, home.base):
        with contextlib.suppress(OSError):  # what is not ours stays, and so do the folders it is in
            folder.rmdir()

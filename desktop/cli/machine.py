"""Which machine a verb is about: the option that all have, and the files that it names."""

from __future__ import annotations

from typing import Annotated

import typer

from desktop.client.home import default_home
from desktop.client.supervisor import SupervisorClient
from desktop.core.errors import MoorageError, UsageError
from desktop.core.paths import MachineFiles

from .output import fail

Machine = Annotated[str, typer.Option("--machine", help="The machine.", metavar="NAME")]


def files_of(machine: str) -> MachineFiles:
    if machine != "default":
        fail(UsageError(f"There is no machine {machine}", "", "For now there is one, `default`"))
    try:
        return default_home().machine(machine)
    except MoorageError as error:
        fail(error)


def client_of(machine: str) -> SupervisorClient:
    return SupervisorClient(files_of(machine))

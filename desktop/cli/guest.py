"""`moorage guest`: the guest image and the runtime."""
import typer
commands = typer.Typer(no_args_is_help=True)
@commands.command()
def build() -> None: ...
@commands.command()
def export() -> None: ...

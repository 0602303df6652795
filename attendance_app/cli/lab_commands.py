"""The laboratory's commands: its own where it is installed, else one line that says how to install it."""

from collections.abc import Callable
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from attendance_app import laboratory
from attendance_app.cli.context import cli_context
from attendance_app.cli.network_options import NetworkOption


def how_to_install() -> str:
    """Return the line for the help of commands that need the laboratory."""
    if laboratory.left_out():
        from attendance_app.cli.messages import message_of, remedy_of

        error = laboratory.not_installed()
        return f"{message_of(error)} {remedy_of(error)}"
    return f"Needs the laboratory: {laboratory.INSTALL} (in a checkout: {laboratory.INSTALL_IN_CHECKOUT})."


class _LaboratoryGroup(TyperGroup):
    """Answers every command that it doesn't have with the error that says so."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        found = super().get_command(ctx, cmd_name)
        if found is None:
            raise laboratory.not_installed()
        return found


def group(name: str) -> typer.Typer:
    """Return the commands ``train``, ``evaluate`` or ``dataset``."""
    if not laboratory.missing():
        app: typer.Typer = import_module(f"attendance_app.lab.cli.{name}").app
        return app
    return _train_without_laboratory() if name == "train" else _empty(how_to_install())


def build_command(name: str) -> Callable[..., None]:
    """Return ``attendance models build`` or ``build-finder``."""
    if not laboratory.missing():
        found: Callable[..., None] = getattr(import_module("attendance_app.lab.cli.build"), name.replace("-", "_"))
        return found

    def build_without_laboratory() -> None:
        raise laboratory.not_installed()

    # Typer takes a command's help from its docstring.
    build_without_laboratory.__doc__ = f"Rebuild files of the program's models. {how_to_install()}"
    return build_without_laboratory


def _empty(help_text: str) -> typer.Typer:
    app = typer.Typer(cls=_LaboratoryGroup, help=help_text, no_args_is_help=True)

    # A Typer without commands is a group only if it has a callback.
    @app.callback()
    def nothing() -> None:
        pass

    return app


def _train_without_laboratory() -> typer.Typer:
    """Teaching a course its students needs no laboratory; everything else below ``train`` does."""
    app = _empty(f"Teach the identity network a course. Training networks: {how_to_install()}")
    # Options of the laboratory's command are let through, so that they lead to the error that explains them.
    app.command("identity", context_settings={"ignore_unknown_options": True, "allow_extra_args": True})(train_identity)
    return app


def train_identity(
    context: typer.Context,
    course: Annotated[str | None, typer.Option(help="The course whose enrolled students it learns.")] = None,
    network: NetworkOption = None,
) -> None:
    """Teach the identity network a course's students. Other options need the laboratory."""
    if course is None or context.args:
        raise laboratory.not_installed()
    from attendance_app.cli.train_course import train_course

    train_course(cli_context(context).data_folder, course, network=network)

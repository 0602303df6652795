"""State that every command gets: the data folder."""

from dataclasses import dataclass
from pathlib import Path

import typer


@dataclass(frozen=True, slots=True)
class CliContext:
    """``home`` is the folder given by ``--home`` or ATTENDANCE_HOME, if any."""

    home: Path | None

    @property
    def data_folder(self) -> Path:
        from attendance_app.config.data_folder import data_home

        return data_home(self.home)


def cli_context(context: typer.Context) -> CliContext:
    """Return the object that the top-level command has set."""
    found = context.find_object(CliContext)
    assert found is not None
    return found

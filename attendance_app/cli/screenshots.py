"""``attendance screenshots``: every page of the window as a picture, from the demo class."""

import os
import random
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attendance_app.bootstrap import open_data
from attendance_app.cli.output_place import Force, folder_place

if TYPE_CHECKING:
    from attendance_app.services.demo.demo_lesson import DemoLesson
    from attendance_app.store.database import Store

SEED = 8
SESSIONS = 14
"""The seed by which the history of the pages is drawn, and how many lessons it has."""


def screenshots(
    out: Annotated[Path, typer.Option(help="Folder for the pictures; made if it is not there.")],
    text: Annotated[int, typer.Option(min=100, max=150, help="Size of the text in percent.")] = 100,
    force: Force = False,
) -> None:
    """Render every page in both languages and both themes from the demo class, without a screen."""
    folder_place(out, force=force)
    # Before the application is made, which is when Qt reads it.
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from attendance_app.ui.screenshots.taking import take_screenshots

    with tempfile.TemporaryDirectory(prefix="attendance-") as folder, open_data(Path(folder)) as store:
        lesson = fill(store)
        for path in take_screenshots(store, out, lesson, text_percent=text):
            typer.echo(str(path))


def fill(store: "Store") -> "DemoLesson":
    """Put the demo class with some weeks of history into a store; return its filmed lesson."""
    from attendance_app.bootstrap import open_enrolment, open_reader
    from attendance_app.services.demo.demo_lesson import demo_home
    from attendance_app.services.demo.history import write_history
    from attendance_app.services.demo.lesson import prepare_demo
    from attendance_app.services.jobs import NoJob

    lesson = prepare_demo(store, open_enrolment(store, open_reader()), demo_home(store.home), NoJob())
    last = datetime.now().astimezone().replace(hour=10, minute=0)
    write_history(store, lesson.course, until=last, sessions=SESSIONS, chance=random.Random(SEED))
    return lesson

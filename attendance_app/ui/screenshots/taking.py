"""Take every scene in both languages and both themes, from a data folder that the caller has filled."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QSize

from attendance_app.services.demo.demo_lesson import DemoLesson
from attendance_app.services.demo.lesson import rename_demo
from attendance_app.store.database import Store
from attendance_app.ui.app import build_window, prepare_application
from attendance_app.ui.app_context import COURSES, STUDENTS
from attendance_app.ui.demo_class import demo_words
from attendance_app.ui.i18n import LANGUAGES
from attendance_app.ui.screenshots.rendering import SceneRecorder
from attendance_app.ui.screenshots.scenes import SCENES

SIZE = QSize(1280, 720)
THEMES = ("light", "dark")


def take_screenshots(store: Store, out: Path, lesson: DemoLesson, *, text_percent: int = 100) -> Iterator[Path]:
    """Write ``SCENE_LANGUAGE_THEME.png`` for every scene and yield the files as they come.

    Needs a Qt platform that draws; ``QT_QPA_PLATFORM=offscreen`` does.
    """
    out.mkdir(parents=True, exist_ok=True)
    window = build_window(store, prepare_application(), course_code=lesson.course.code)
    window.resize(SIZE)
    window.show()
    for language in LANGUAGES:
        for theme in THEMES:
            window.context.change_settings(language=language, theme=theme, text_percent=text_percent)
            recorder = SceneRecorder(window, lesson, out, f"{language}_{theme}")
            _name_class(recorder)
            for scene in SCENES:
                yield from scene(recorder)
    window.close()


def _name_class(recorder: SceneRecorder) -> None:
    """Give the demo class and its students their names in the window's language."""
    context = recorder.window.context
    course = rename_demo(context.store, demo_words(), context.clock())
    recorder.window.navigation.read_courses()
    recorder.settle()
    context.choose_course(course)
    context.changed(COURSES, STUDENTS)

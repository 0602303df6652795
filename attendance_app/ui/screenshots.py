"""Pictures of every page in both languages and themes, from a data folder that the caller has filled."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog

from attendance_app.config.paths import bundled
from attendance_app.services.demo.clip import read_bust
from attendance_app.services.demo.lesson import DemoLesson, rename_demo
from attendance_app.services.demo.sitter import THREE_VIEWS, write_sitter
from attendance_app.store.database import Store
from attendance_app.ui.app import build_window, prepare_application
from attendance_app.ui.demo_class import demo_words
from attendance_app.ui.desk import COURSES, STUDENTS
from attendance_app.ui.i18n import LANGUAGES, tr
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages import PAGES, WELCOME
from attendance_app.ui.pages.enrolment import EnrolmentPage
from attendance_app.ui.pages.roll_call import RollCallPage
from attendance_app.ui.waiting import let_pass, wait_until

SIZE = QSize(1280, 720)
THEMES = ("light", "dark")
LOAD_SECONDS = 30.0
LESSON_MS = 16_000
"""How far into the lesson the picture of the roll call is taken: late ones have come, the stranger sits."""
MOST_MARKED = 18
"""The picture shows so many marks or more; a picture with fewer would be of a machine that is too busy."""
PATIENCE_SECONDS = 180.0
SETTLE_MS = 150
NEW_STUDENT, SITTER = "25", "X01-1"
"""Who is enrolled from the camera, and the bust that sits there."""
COACHED_VIEWS = 2
"""So many views are taken when the picture is."""


def take_screenshots(store: Store, out: Path, lesson: DemoLesson, *, text_percent: int = 100) -> Iterator[Path]:
    """Write ``PAGE_LANGUAGE_THEME.png`` for every page and yield the files as they come.

    The roll call is taken while ``lesson`` runs, and its summary after that. Needs a Qt platform that draws;
    ``QT_QPA_PLATFORM=offscreen`` does.
    """
    out.mkdir(parents=True, exist_ok=True)
    window = build_window(store, prepare_application(), course_code=lesson.course.code)
    window.resize(SIZE)
    window.show()
    for language in LANGUAGES:
        for theme in THEMES:
            window.desk.change_settings(language=language, theme=theme, text_percent=text_percent)
            _speak(window)
            ending = f"{language}_{theme}.png"
            yield from _take_the_roll(window, lesson, out, ending)
            for spec in (*PAGES[1:], WELCOME):
                window.open_page(spec.key)
                _settle(window)
                yield _save(window, out / f"{spec.key}_{ending}")
            yield from _coach(window, lesson, out, ending)
    window.close()


def _coach(window: MainWindow, lesson: DemoLesson, out: Path, ending: str) -> Iterator[Path]:
    """The enrolment from a camera, in whose place is a film of somebody new, who leaves again afterwards."""
    desk, store = window.desk, window.desk.store
    film, camera = store.home / "sitter.avi", desk.settings.camera
    if not film.exists():
        bust = read_bust(bundled("resources") / "demo" / "busts" / f"{SITTER}.webp")
        write_sitter(film, bust, THREE_VIEWS * 6)  # a busy machine sees but few of its frames
    student = store.students.add(f"S{NEW_STUDENT}", tr("Student {number}").format(number=NEW_STUDENT))
    store.students.enrol(lesson.course.id, student.id)
    store.consents.record(student.id, demo_words().consent, desk.clock())
    desk.change_settings(camera=str(film))
    page = window.open_page("enrolment", "camera")
    assert isinstance(page, EnrolmentPage)
    wait_until(lambda: len(page.coach.taken) == COACHED_VIEWS, PATIENCE_SECONDS)
    let_pass(SETTLE_MS)
    yield _save(window, out / f"coach_{ending}")
    page.close_coach()
    _settle(window)
    desk.change_settings(camera=camera)
    store.erasures.erase_student(student.id, desk.clock())


def _speak(window: MainWindow) -> None:
    """Call the demo class as a user of this language would have it."""
    course = rename_demo(window.desk.store, demo_words(), window.desk.clock())
    window.navigation.read_courses()
    _settle(window)
    window.desk.choose_course(course)
    window.desk.changed(COURSES, STUDENTS)


def _take_the_roll(window: MainWindow, lesson: DemoLesson, out: Path, ending: str) -> Iterator[Path]:
    page = window.open_page(PAGES[0].key, lesson)
    assert isinstance(page, RollCallPage)
    _settle(window)
    yield _save(window, out / f"roll_call_ready_{ending}")
    page.start(resume=False)
    wait_until(lambda: page.session is not None or not page.running.running, PATIENCE_SECONDS)
    let_pass(LESSON_MS)
    session = page.session
    wait_until(lambda: _marked(page) >= MOST_MARKED or not page.running.running, PATIENCE_SECONDS)
    yield _save(window, out / f"roll_call_{ending}")
    page.end()
    wait_until(lambda: _dialog(window) is not None, LOAD_SECONDS)
    dialog = _dialog(window)
    if dialog is not None:
        let_pass(SETTLE_MS)
        yield _save(dialog, out / f"session_ended_{ending}")
        dialog.reject()
    if session is not None:
        window.desk.store.sessions.delete(session.id)


def _marked(page: RollCallPage) -> int:
    """Students whose mark is on the screen."""
    return sum(line.mark is not None for line in page.model.lines)


def _dialog(window: MainWindow) -> QDialog | None:
    return next((dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()), None)


def _save(widget: MainWindow | QDialog, path: Path) -> Path:
    widget.grab().save(str(path))
    return path


def _settle(window: MainWindow) -> None:
    """Wait for the page's jobs and for what they show."""
    let_pass(SETTLE_MS)
    wait_until(lambda: not window.desk.jobs.busy, LOAD_SECONDS)
    let_pass(SETTLE_MS)

"""The scenes: each brings the window into a state, yields its pictures, and restores the state before."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from attendance_app.config.paths import bundled
from attendance_app.services.demo.clip import read_bust
from attendance_app.services.demo.sitter import THREE_VIEWS, write_sitter
from attendance_app.ui.demo_class import demo_words
from attendance_app.ui.i18n import tr
from attendance_app.ui.pages import PAGES, WELCOME
from attendance_app.ui.pages.enrolment import EnrolmentPage
from attendance_app.ui.pages.models import ModelsPage
from attendance_app.ui.pages.reports import CAMERA_TAB, ReportsPage
from attendance_app.ui.pages.roll_call import RollCallPage
from attendance_app.ui.pages.settings import SettingsPage
from attendance_app.ui.pages.students import StudentsPage
from attendance_app.ui.roll_call.review_cards import StrangerCard
from attendance_app.ui.screenshots.rendering import SceneRecorder, scroll_to_end
from attendance_app.ui.waiting import process_events_for, wait_until

LESSON_MS = 16_000
"""Time in the lesson at which the roll call is captured: the latecomers have come, the stranger sits."""
MOST_MARKED = 18
"""Least number of marks in the picture; with fewer, the machine was too busy."""
PATIENCE_SECONDS = 180.0
NEW_STUDENT, SITTER = "25", "X01-1"
"""The number of the student enrolled from the camera, and the drawn bust that is filmed."""
COACHED_VIEWS = 2
"""How many views are taken when the screenshot is."""
ROSTER = "Matrícula;Nombre;Correo\nS01;Student 1;\nS24;Student 24;s24@example.org\nS26;Student 26;s26@example.org\n"


def roll_call(recorder: SceneRecorder) -> Iterator[Path]:
    """Before a session, the room check, in a session, the question who an unknown face is, and the summary."""
    page = recorder.window.open_page(PAGES[0].key, recorder.lesson)
    assert isinstance(page, RollCallPage)
    recorder.settle()
    yield recorder.save("roll_call_ready")
    check = page.check_room()
    if check is not None:
        wait_until(lambda: not check.checking, PATIENCE_SECONDS)
        yield recorder.save("room_check", check)
        check.reject()
    page.start(resume=False)
    wait_until(lambda: page.session is not None or not page.running.running, PATIENCE_SECONDS)
    process_events_for(LESSON_MS)
    session = page.session
    wait_until(
        lambda: sum(line.mark is not None for line in page.model.rows) >= MOST_MARKED or not page.running.running,
        PATIENCE_SECONDS,
    )
    yield recorder.save("roll_call")
    unknown = page.parts.tray.findChild(StrangerCard)
    if unknown is not None:
        unknown.enrol.click()
        yield from _dialog(recorder, "newcomer")
    page.end()
    yield from _dialog(recorder, "session_ended")
    if session is not None:
        with recorder.window.context.store.write() as tx:
            # The scenes are played again in the next language and theme, and must find the same state.
            tx.sessions.delete(session.id)


def pages(recorder: SceneRecorder) -> Iterator[Path]:
    """Every other page as it opens, the first start, and the camera's report."""
    for spec in (*PAGES[1:], WELCOME):
        recorder.window.open_page(spec.key)
        recorder.settle()
        yield recorder.save(spec.key)
    page = recorder.window.open_page("reports")
    assert isinstance(page, ReportsPage)
    recorder.settle()
    page.tabs.setCurrentIndex(CAMERA_TAB)
    yield recorder.save("reports_camera")
    page.tabs.setCurrentIndex(0)


def roster(recorder: SceneRecorder) -> Iterator[Path]:
    """What the import of a school's list would change."""
    file = recorder.window.context.home / "roster.csv"
    file.write_text(ROSTER, encoding="utf-8")
    page = recorder.window.open_page("students")
    assert isinstance(page, StudentsPage)
    recorder.settle()
    page.import_list(file)
    yield from _dialog(recorder, "roster_import")


def photos(recorder: SceneRecorder) -> Iterator[Path]:
    """Files to enrol: a new student's, one that is known already, one without a face."""
    folder = recorder.window.context.home / "photos to enrol"
    demo = bundled("resources") / "demo" / "photos"
    new, known = folder / f"S{NEW_STUDENT}", folder / "S01"
    for place in (new, known):
        place.mkdir(parents=True, exist_ok=True)
    for number in (1, 2):
        shutil.copy(demo / "X01" / f"{number}.jpg", new / f"{number}.jpg")
    shutil.copy(demo / "S01" / "1.jpg", known / "1.jpg")
    Image.fromarray(np.full((480, 640, 3), 96, np.uint8)).save(known / "2.jpg")
    page = recorder.window.open_page("enrolment")
    assert isinstance(page, EnrolmentPage)
    recorder.settle()
    page.photos.missing_box.setChecked(True)
    page.photos.examine([folder])
    recorder.settle()
    page.photos.table.selectRow(len(page.photos.items) - 1)
    recorder.settle()
    yield recorder.save("photos")
    page.photos.clear()


def coach(recorder: SceneRecorder) -> Iterator[Path]:
    """The enrolment from a camera. A film of a new student takes the camera's place. The student is erased then."""
    context, store = recorder.window.context, recorder.window.context.store
    film, camera = store.home / "sitter.avi", context.settings.camera
    if not film.exists():
        bust = read_bust(bundled("resources") / "demo" / "busts" / f"{SITTER}.webp")
        write_sitter(film, bust, THREE_VIEWS * 6)  # a busy machine sees but few of its frames
    with store.write() as tx:
        student = tx.students.add(f"S{NEW_STUDENT}", tr("Student {number}").format(number=NEW_STUDENT))
        tx.enrolments.add(recorder.lesson.course.id, student.id)
        tx.consents.record(student.id, demo_words().consent, context.clock())
    context.change_settings(camera=str(film))
    page = recorder.window.open_page("enrolment", "camera")
    assert isinstance(page, EnrolmentPage)
    wait_until(lambda: len(page.coach.taken) == COACHED_VIEWS, PATIENCE_SECONDS)
    yield recorder.save("coach")
    page.close_coach()
    recorder.settle()
    context.change_settings(camera=camera)
    with store.write() as tx:
        tx.erasures.erase_student(student.id, context.clock())


def models(recorder: SceneRecorder) -> Iterator[Path]:
    """The course's comparison and training, and photos tried for masks."""
    page = recorder.window.open_page("models")
    assert isinstance(page, ModelsPage)
    recorder.settle()
    page.tabs.setCurrentIndex(1)
    page.course_check.check()
    recorder.settle()
    yield recorder.save("models_course")
    page.training.train()
    recorder.settle()
    scroll_to_end(page)
    yield recorder.save("models_training")
    page.tabs.setCurrentIndex(2)
    page.mask_photos.read([bundled("resources") / "demo" / "photos" / "S02" / f"{number}.jpg" for number in (1, 2, 3)])
    recorder.settle()
    yield recorder.save("models_mask")
    page.tabs.setCurrentIndex(3)
    yield recorder.save("models_collection")
    page.tabs.setCurrentIndex(0)


def settings(recorder: SceneRecorder) -> Iterator[Path]:
    """The lower half of the settings, with the self-test run."""
    page = recorder.window.open_page("settings", "self-test")
    assert isinstance(page, SettingsPage)
    recorder.settle()
    scroll_to_end(page)
    yield recorder.save("settings_end")


def _dialog(recorder: SceneRecorder, name: str) -> Iterator[Path]:
    """The dialog that is opening, closed again without an answer."""
    dialog = recorder.dialog()
    if dialog is not None:
        yield recorder.save(name, dialog)
        dialog.reject()


SCENES = (roll_call, pages, roster, photos, coach, models, settings)

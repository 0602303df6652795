from conftest import wait_for_jobs
from PySide6.QtWidgets import QApplication
from single_writes import each

from attendance_app.store.database import Store
from attendance_app.ui.app import build_window
from attendance_app.ui.pages.students import StudentsPage
from attendance_app.ui.pages.welcome import WelcomePage


def test_the_first_start_greets_and_leads_to_the_first_course(store: Store, qapp: QApplication, monkeypatch) -> None:
    monkeypatch.setattr("attendance_app.ui.settings.camera_card.list_cameras", lambda: ())
    window = build_window(store, qapp)
    window.context.change_settings(language="en", theme="light")
    window.start()
    window.show()
    wait_for_jobs(window.context)
    assert isinstance(window.page, WelcomePage)
    assert not window.navigation.isVisible()
    window.page._languages.buttons()[1].click()
    assert window.page.course_button.text().strip() == "Crear mi primer curso"
    window.page.course_button.click()
    wait_for_jobs(window.context)
    assert isinstance(window.page, StudentsPage)
    assert window.navigation.isVisible()
    window.close()
    again = build_window(store, qapp)
    again.start()
    again.show()
    wait_for_jobs(again.context)
    assert isinstance(again.page, StudentsPage)
    again.close()


def test_data_made_by_commands_needs_no_greeting(store: Store, qapp: QApplication) -> None:
    each(store).courses.add("A", "")
    window = build_window(store, qapp)
    window.start()
    window.show()
    wait_for_jobs(window.context)
    assert not isinstance(window.page, WelcomePage)
    window.close()

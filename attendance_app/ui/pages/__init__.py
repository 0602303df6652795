"""The pages, in the order of the navigation. A page is imported when it is first opened."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from attendance_app.ui.app_context import AppContext
from attendance_app.ui.i18n import tr
from attendance_app.ui.page import Page


@dataclass(frozen=True, slots=True)
class PageSpec:
    """Where a page is found and how the navigation names it. Every page module has ``make_page(context)``."""

    key: str
    icon: str
    title: Callable[[], str]

    def make(self, context: AppContext) -> Page:
        """Import and build the page."""
        made: Page = import_module(f"{__name__}.{self.key}").make_page(context)
        return made


PAGES = (
    PageSpec("roll_call", "user-focus", lambda: tr("Roll call")),
    PageSpec("students", "student", lambda: tr("Students")),
    PageSpec("enrolment", "identification-card", lambda: tr("Enrolment")),
    PageSpec("sessions", "calendar-check", lambda: tr("Sessions")),
    PageSpec("reports", "chart-line-up", lambda: tr("Reports")),
    PageSpec("models", "cpu", lambda: tr("Models")),
    PageSpec("settings", "gear-six", lambda: tr("Settings")),
)

WELCOME = PageSpec("welcome", "hand-waving", lambda: tr("Welcome"))
"""Shown at the first start, without the navigation."""

"""Pictures of every page in both languages and themes, from a data folder that the caller has filled."""

import time
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtTest import QTest

from attendance_app.store.database import Store
from attendance_app.ui.app import build_window, prepare_application
from attendance_app.ui.i18n import LANGUAGES
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages import PAGES, WELCOME

SIZE = QSize(1280, 720)
THEMES = ("light", "dark")
LOAD_SECONDS = 30.0
SETTLE_MS = 150


def take_screenshots(store: Store, out: Path, *, text_percent: int = 100) -> list[Path]:
    """Write ``PAGE_LANGUAGE_THEME.png`` for every page and return the files.

    Needs a Qt platform that draws; ``QT_QPA_PLATFORM=offscreen`` does.
    """
    out.mkdir(parents=True, exist_ok=True)
    window = build_window(store, prepare_application())
    window.resize(SIZE)
    window.show()
    taken: list[Path] = []
    for language in LANGUAGES:
        for theme in THEMES:
            window.desk.change_settings(language=language, theme=theme, text_percent=text_percent)
            for spec in (*PAGES, WELCOME):
                window.open_page(spec.key)
                _settle(window)
                taken.append(out / f"{spec.key}_{language}_{theme}.png")
                window.grab().save(str(taken[-1]))
    window.close()
    return taken


def _settle(window: MainWindow) -> None:
    """Wait for the page's jobs, at most half a minute, and for what they show."""
    end = time.monotonic() + LOAD_SECONDS
    QTest.qWait(SETTLE_MS)
    while window.desk.jobs.busy and time.monotonic() < end:
        QTest.qWait(20)
    QTest.qWait(SETTLE_MS)

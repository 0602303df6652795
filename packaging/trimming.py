"""Removes from the build's environment what the program never uses, before PyInstaller looks at it.

PyInstaller collects every plug-in of a Qt module, and each with the system libraries that it needs: excluding it
afterwards would leave those behind (its maintainers advise this way too, issue 5503).
"""

import re
import shutil
from pathlib import Path
from typing import Final

KEPT_PLUGINS: Final[dict[str, set[str] | None]] = {
    "platforms": {"xcb", "wayland", "offscreen", "windows", "cocoa"},
    "imageformats": {"svg", "jpeg", "ico"},
    "iconengines": {"svgicon"},
    "styles": None,
    "platforminputcontexts": {"composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"},
    "platformthemes": {"xdgdesktopportal"},
    "printsupport": None,
    "wayland-decoration-client": None,
    "wayland-shell-integration": {"xdg-shell"},
}
"""Folders of Qt's plug-ins with the names to keep, None for all. The window draws without OpenGL and speaks to no
network but its own local socket, so integrations of graphics drivers, TLS and network states are not kept."""

KEPT_TRANSLATIONS: Final = {"qtbase_en.qm", "qtbase_es.qm"}
"""Qt's own dialogs; the program's own texts are .ts files in resources/ that are read as they are."""


def trim(pyside: Path) -> None:
    """Remove unused parts of Qt from the installed package PySide6."""
    qt = pyside / "Qt" if (pyside / "Qt").is_dir() else pyside  # on Windows they lie in the package itself
    for folder in (qt / "plugins").iterdir():
        kept = KEPT_PLUGINS.get(folder.name, set())
        for file in folder.iterdir():
            if kept is not None and plugin_name(file.name) not in kept:
                file.unlink()
    for file in (qt / "translations").glob("*.qm"):
        if file.name not in KEPT_TRANSLATIONS:
            file.unlink()
    shutil.rmtree(qt / "qml", ignore_errors=True)


def plugin_name(file: str) -> str:
    """Return ``xcb`` for libqxcb.so, ``windows`` for qwindows.dll, ``xdg-shell`` for libxdg-shell.so."""
    return re.sub(r"^(lib)?(q(?!t-))?", "", file.split(".", maxsplit=1)[0])

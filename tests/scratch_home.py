"""The tests' home is a temporary folder, from before the first import of the program until the run ends."""

import os
import sys
import tempfile
from pathlib import Path

REAL = Path(os.environ.get("ATTENDANCE_TESTS_REAL_HOME") or Path.home())
"""The home of whoever runs the tests; handed on to processes that run tests for this one."""

PLACES = (
    (".", ".config", ".cache", ".local/share", ".local/state")
    if sys.platform == "linux"
    else ("Library/Application Support", "Library/Caches", "Library/Preferences")
    if sys.platform == "darwin"
    else ("AppData/Local", "AppData/Roaming")
)
OURS = ("attendance", "classroom", "microsoft", "onnx", "matplotlib", "keras", "qtproject", "dlib", "opencv")
"""How the names begin that the program and its libraries give what they write; other programs write there too."""

# At import and not in a fixture: modules of the program work out their places when they are imported.
_scratch = tempfile.TemporaryDirectory(prefix="tests-home-", ignore_cleanup_errors=True)
HOME = Path(_scratch.name)

os.environ["ATTENDANCE_TESTS_REAL_HOME"] = str(REAL)
os.environ |= {
    "HOME": str(HOME),
    "USERPROFILE": str(HOME),
    "APPDATA": str(HOME / "AppData" / "Roaming"),
    "LOCALAPPDATA": str(HOME / "AppData" / "Local"),
    "XDG_CONFIG_HOME": str(HOME / ".config"),
    "XDG_DATA_HOME": str(HOME / ".local" / "share"),
    "XDG_STATE_HOME": str(HOME / ".local" / "state"),
    "XDG_CACHE_HOME": str(HOME / ".cache"),
}
# Keys of registers go into a file of the scratch home; no keyring of the system is asked.
os.environ |= {"ATTENDANCE_KEYRING": "off", "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
# Whoever runs the tests may have set them; they would lead back to the real home.
for name in (
    "ATTENDANCE_HOME",
    "ATTENDANCE_CONFIG",
    "ATTENDANCE_KEY",
    "ATTENDANCE_CAMERA_PASSWORD",
    "KERAS_HOME",
    "MPLCONFIGDIR",
):
    os.environ.pop(name, None)


def of_ours(real: Path = REAL) -> dict[Path, int]:
    """Return what bears a name of ours in the real home, with the time of its last change (ns).

    A folder's time changes with what is put into it; one level below it is looked at too.
    """
    found: dict[Path, int] = {}
    for place in PLACES:
        for path in _entries(real / place):
            if path.name.lower().lstrip(".").startswith(OURS):
                found |= {each: each.lstat().st_mtime_ns for each in (path, *_entries(path)) if each.exists()}
    return found


def _entries(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []

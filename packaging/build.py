"""Builds ``dist/attendance``: the program as a folder that runs on a machine without Python (docs/adr/0090).

``uv run --no-project packaging/build.py`` in a checkout. Needs uv, and binutils on Linux.
"""

import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from licences import LICENCES
from trimming import trim

ROOT: Final = Path(__file__).resolve().parent.parent
WORK: Final = ROOT / "build" / "packaging"
OUT: Final = ROOT / "dist"
FOLDER: Final = OUT / "attendance"


def main() -> None:
    """Build the wheel, install it without the laboratory, freeze it, add the licences."""
    began = time.monotonic()
    shutil.rmtree(WORK, ignore_errors=True)
    python = make_environment()
    trim(next((WORK / "venv").rglob("site-packages/PySide6")))
    freeze(python)
    if sys.platform == "linux":
        strip_python()
    shutil.rmtree(FOLDER / LICENCES, ignore_errors=True)
    _run(python, Path(__file__).with_name("licences.py"), WORK / "attendance" / "collected.json", FOLDER / LICENCES)
    print(f"{FOLDER}: {megabytes(FOLDER):.0f} MB, built in {time.monotonic() - began:.0f} s")


def make_environment() -> Path:
    """Install the program's wheel and PyInstaller, at the locked versions, in a fresh environment; return its Python.

    A wheel, so that the folder gets what a user would install; without extras, so that the laboratory is not in it.
    """
    _run("uv", "build", "--quiet", "--wheel", "--out-dir", WORK)
    (wheel,) = WORK.glob("*.whl")
    _run("uv", "venv", "--quiet", "--python", _python_version(), WORK / "venv")
    python = WORK / "venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    lock = ROOT / "requirements.lock"
    _run("uv", "pip", "install", "--quiet", "--python", python, "--constraint", lock, "pyinstaller", wheel)
    return python


def freeze(python: Path) -> None:
    """Run PyInstaller; its long report goes to a file that is shown when it fails.

    Not in the checkout: ``-m`` would put it on Python's path, and the checkout's files would be taken, not the wheel's.
    """
    spec = Path(__file__).with_name("attendance.spec")
    command = [str(python), "-m", "PyInstaller", "--noconfirm", f"--distpath={OUT}", f"--workpath={WORK}", str(spec)]
    report = WORK / "pyinstaller.log"
    with report.open("w", encoding="utf-8") as file:
        done = subprocess.run(command, stdout=file, stderr=subprocess.STDOUT, cwd=WORK, check=False)
    if done.returncode:
        sys.exit(f"{report.read_text(encoding='utf-8', errors='replace')[-4000:]}\nPyInstaller failed: see {report}")


def strip_python() -> None:
    """Take the debugging symbols out of Python's own libraries.

    Only there: ``strip`` damages the libraries of wheels whose load commands were patched (NumPy's OpenBLAS).
    """
    inside = FOLDER / "_internal"
    libraries = [*inside.glob("libpython*.so*"), *inside.glob("python3*/lib-dynload/*.so")]
    _run("strip", "--strip-unneeded", *libraries)


def megabytes(folder: Path) -> float:
    """Return the size of a folder's files; a link counts nothing."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink()) / 1e6


def _python_version() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def _run(*command: str | Path) -> None:
    subprocess.run(command, cwd=ROOT, check=True)


if __name__ == "__main__":
    main()

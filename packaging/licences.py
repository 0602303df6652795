"""Collects the licence of everything that is in the folder: ``python licences.py COLLECTED.json FOLDER``.

Run by the Python of the build's environment. COLLECTED.json lists the files that PyInstaller put into the program; a
file belongs to a Python package, to Python, or to a package of the operating system. A file whose licence isn't found
ends the build.
"""

import json
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Final

LICENCES: Final = "LICENSES"
TEXTS: Final = Path(__file__).with_name("texts")
WITHOUT_TEXT: Final = {
    "pyside6-essentials": ("LGPL-3.0.txt", "GPL-3.0.txt"),
    "shiboken6": ("LGPL-3.0.txt", "GPL-3.0.txt"),
}
"""Wheels without the text of their licence: the texts that they are offered under and that we choose."""
INSIDE: Final = {"sqlcipher3": ("SQLCipher.txt", "OpenSSL-Apache-2.0.txt")}
"""Wheels with libraries in them of which they have no licence."""
ALWAYS: Final = ("pyinstaller",)
"""Its start-up code is part of every program that it builds."""


def main() -> None:
    """Write one folder of texts for each package."""
    listed = (Path(name) for name in json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    # Names and versions of packages, for the program's own list of them, are there for packages without code in it too.
    files = [file for file in listed if not any(part.endswith(".dist-info") for part in file.parts)]
    target = Path(sys.argv[2])
    packages = {plain_name(package): package for package in distributions()}
    owners = owners_of(packages.values())
    used = {*ALWAYS, *(owners[file] for file in files if file in owners)}
    for name in sorted(used):
        keep(texts_of(packages[name]), target / f"{name}-{packages[name].version}")
    keep([python_licence()], target / f"python-{sys.version.split()[0]}")
    rest = [file for file in files if file not in owners and not comes_with_python(file)]
    if rest:
        keep_system_licences(system_packages(rest), target / "system")
    shutil.copy(TEXTS / "README.txt", target)


def keep(texts: Iterable[Path], folder: Path) -> None:
    """Copy the texts; some packages have several of one name."""
    folder.mkdir(parents=True)
    for number, text in enumerate(texts, start=1):
        name = text.name if not (folder / text.name).exists() else f"{number}-{text.name}"
        shutil.copy(text, folder / name)


def keep_system_licences(copyrights: dict[str, Path], folder: Path) -> None:
    """Copy Debian's copyright files and the common licences that they refer to."""
    folder.mkdir()
    common = set()
    for package, text in copyrights.items():
        shutil.copy(text, folder / f"{package}.txt")
        common |= set(re.findall(r"/usr/share/common-licenses/([A-Za-z0-9.-]*[A-Za-z0-9])", text.read_text("utf-8")))
    for name in sorted(common):
        shutil.copy(Path("/usr/share/common-licenses") / name, folder / f"common-{name}.txt")


def comes_with_python(file: Path) -> bool:
    """Its own files, links between collected files, and what PyInstaller writes itself."""
    own = (Path(sys.base_prefix), Path(sys.base_prefix).resolve(), Path(sys.argv[1]).resolve().parent)
    return not file.is_absolute() or any(file.is_relative_to(place) for place in own)


def plain_name(package: Distribution) -> str:
    """Return ``pyside6-essentials`` for PySide6_Essentials."""
    return re.sub(r"[-_.]+", "-", package.name).lower()


def owners_of(packages: Iterable[Distribution]) -> dict[Path, str]:
    """Return which package each installed file belongs to."""
    found = {}
    for package in packages:
        name = plain_name(package)
        for file in package.files or ():
            found[Path(str(package.locate_file(file)))] = name
    return found


def texts_of(package: Distribution) -> list[Path]:
    """Return the licence texts of an installed package."""
    named = re.compile(r"(licen[cs]e|copying|notice|authors|thirdparty)", re.IGNORECASE)
    found = [
        Path(str(package.locate_file(file)))
        for file in package.files or ()
        if named.match(file.name) and file.suffix not in {".py", ".pyc"}
    ]
    found = found or [TEXTS / name for name in WITHOUT_TEXT.get(plain_name(package), ())]
    if not found:
        sys.exit(f"The package {package.name} comes without the text of its licence; add it to WITHOUT_TEXT.")
    return [*found, *(TEXTS / name for name in INSIDE.get(plain_name(package), ()))]


def python_licence() -> Path:
    """Return the licence of Python itself, which Windows keeps elsewhere."""
    places = [Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix)]
    return next(place / "LICENSE.txt" for place in places if (place / "LICENSE.txt").is_file())


def system_packages(files: list[Path]) -> dict[str, Path]:
    """Return the licence text of each Debian package that one of ``files`` comes from."""
    asked = {file: {str(file), f"/usr{file}", str(file.resolve())} for file in files}
    names = sorted(set().union(*asked.values()))
    # It fails when it doesn't know one of the names; each file is asked for by several.
    said = subprocess.run(["dpkg-query", "--search", *names], capture_output=True, text=True, check=False).stdout
    owner = {line.rpartition(": ")[2]: line.partition(":")[0] for line in said.splitlines()}
    found = {}
    for file, ways in asked.items():
        package = next((owner[way] for way in ways if way in owner), None)
        if package is None:
            sys.exit(f"Nobody knows whose file {file} is, so its licence can't be added.")
        found[package] = Path("/usr/share/doc") / package / "copyright"
    return found


if __name__ == "__main__":
    main()

"""The README's commands and CI install the same versions."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PIN = re.compile(r"^([A-Za-z0-9._-]+==[^\\\n]+?)\s*\\?$", flags=re.MULTILINE)


def test_constraints_are_those_of_the_lock():
    lock = {" ".join(pin.split()) for pin in PIN.findall((ROOT / "requirements.lock").read_text())}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())

    assert lock
    assert set(project["tool"]["uv"]["constraint-dependencies"]) == lock


def test_every_dependency_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    laboratory = project["project"]["optional-dependencies"]["lab"]
    asked = [*project["project"]["dependencies"], *laboratory, *project["dependency-groups"]["dev"]]
    locked = {pin.split("==")[0].lower() for pin in PIN.findall((ROOT / "requirements.lock").read_text())}

    names = {re.split(r"[<>=;\s]", one)[0].lower() for one in asked}
    assert names - {"classroom-attendance[lab]"} <= locked


def test_the_lock_names_no_address():
    assert "://" not in (ROOT / "requirements.lock").read_text()

"""What the documents and docstrings name is there."""

import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent.parent
DOCUMENTS = sorted(
    [*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").rglob("*.md"), *(CHECKOUT / "packaging").glob("*.md")],
)
ROOMS = ("attendance_app", "benchmarks", "tests", "packaging", "models", "docs", "resources", ".ci")
FILES = [file for room in ROOMS for file in (CHECKOUT / room).rglob("*") if "__pycache__" not in file.parts]
NAMES = {"/" + file.relative_to(CHECKOUT).as_posix() for file in FILES}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(CHECKOUT).as_posix())
def test_files_that_a_document_names_exist(document: Path) -> None:
    named = set(re.findall(r"`([\w./-]+\.(?:py|md|npz|onnx|json|toml))`", document.read_text(encoding="utf-8")))
    ours = {name for name in named if "/" in name and not name.startswith(("/", ".."))}
    missing = {name for name in ours if not any(file.endswith("/" + name) for file in NAMES)}
    assert not missing


def test_benchmarks_that_are_named_exist() -> None:
    texts = [*DOCUMENTS, *(CHECKOUT / "attendance_app").rglob("*.py"), *(CHECKOUT / "models").glob("*.md")]
    named = {
        (name, text.relative_to(CHECKOUT).as_posix())
        for text in texts
        for name in re.findall(r"python(?: -m)? benchmarks[./](\w+)", text.read_text(encoding="utf-8"))
    }
    assert named
    assert {pair for pair in named if not (CHECKOUT / "benchmarks" / f"{pair[0]}.py").exists()} == set()

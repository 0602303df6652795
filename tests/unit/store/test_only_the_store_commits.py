"""Writing goes through ``Store.write``; an import contract keeps SQLAlchemy and sqlite3 inside ``store/``."""

import ast
from pathlib import Path

import attendance_app

PACKAGE = Path(attendance_app.__file__).parent


def test_nobody_reaches_through_the_store_to_its_database() -> None:
    outside = [file for file in sorted(PACKAGE.rglob("*.py")) if PACKAGE / "store" not in file.parents]
    assert outside
    assert [
        f"{file.relative_to(PACKAGE)}:{node.lineno}"
        for file in outside
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "database"
    ] == []

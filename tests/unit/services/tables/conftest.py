"""A table read from bytes, and the files handed over with the issue, where they lie beside the checkout."""

from pathlib import Path

import pytest

from attendance_app.services.tables.reading import read_table

CASES = Path(__file__).resolve().parents[5] / "shared" / "cases"


@pytest.fixture
def read(tmp_path):
    """Read bytes (or a text) under a name; options as of ``read_table``."""

    def read(content: bytes | str, name: str = "list.csv", **options):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_table(path, **options)

    return read


@pytest.fixture
def case():
    """The path of one of the handed files; the test is skipped where they are not."""

    def case(name: str) -> Path:
        if not (CASES / name).is_file():
            pytest.skip("the handed cases are not beside this checkout")
        return CASES / name

    return case

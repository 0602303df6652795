"""The log file: for its owner only, and without the names that an error carries."""

import logging
import stat
from pathlib import Path

import pytest

from attendance_app.store.errors import NumberTaken, RegisterBusy
from attendance_app.ui.crash import log_into


@pytest.fixture
def log(tmp_path: Path):
    handler = log_into(tmp_path)
    yield tmp_path / "attendance.log"
    logging.getLogger().removeHandler(handler)
    handler.close()


def test_it_is_for_the_owner_only(log: Path) -> None:
    logging.getLogger("a").warning("something")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_known_errors_are_named_by_their_kind(log: Path) -> None:
    logging.getLogger("a").warning("not done: %s", NumberTaken(number="Marta Quiroga"))
    assert "not done: NumberTaken\n" in log.read_text()


def test_a_traceback_keeps_its_lines_and_loses_the_names(log: Path) -> None:
    try:
        try:
            raise NumberTaken(number="Marta Quiroga")
        except NumberTaken as error:
            raise RuntimeError("the batch has failed") from error
    except RuntimeError:
        logging.getLogger("a").exception("unexpected")
    text = log.read_text()
    assert "NumberTaken" in text
    assert "RuntimeError: the batch has failed" in text
    assert "test_a_traceback_keeps_its_lines" in text
    assert 'Marta Quiroga"' not in text.replace('raise NumberTaken(number="Marta Quiroga")', "")
    assert "number=Marta" not in text


def test_where_a_file_is_stays(log: Path) -> None:
    logging.getLogger("a").warning("%s", RegisterBusy(path=Path("/somewhere/attendance.sqlite3")))
    assert "/somewhere/attendance.sqlite3" in log.read_text()


def test_other_records_are_as_they_were(log: Path) -> None:
    logging.getLogger("a").warning("%d of %s", 3, "films")
    assert "3 of films" in log.read_text()

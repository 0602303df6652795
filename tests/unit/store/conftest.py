"""A store in a fresh folder, and a class of three in it."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from single_writes import each

from attendance_app.domain.people import Course, FaceTemplate, Student
from attendance_app.domain.sessions import Session
from attendance_app.store.database import Store, open_store

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an empty, migrated database, to be copied: migrating takes longer than most tests."""
    home = tmp_path_factory.mktemp("migrated")
    open_store(home).close()
    return home


@pytest.fixture
def store(tmp_path: Path, migrated: Path) -> Iterator[Store]:
    shutil.copytree(migrated, tmp_path / "home")
    # Short: tests of a locked database wait for it to pass.
    with open_store(tmp_path / "home", busy_timeout_s=0.2) as opened:
        yield opened


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def course(store: Store) -> Course:
    return each(store).courses.add("MATH-1", "Mathematics")


@pytest.fixture
def students(store: Store, course: Course) -> tuple[Student, ...]:
    """S01, S02 and S03, on the roster."""
    added = tuple(each(store).students.add(f"S{n:02}", f"Student {n:02}") for n in (1, 2, 3))
    for student in added:
        each(store).students.enrol(course.id, student.id)
    return added


@pytest.fixture
def session(store: Store, course: Course, students: tuple[Student, ...]) -> Session:
    return each(store).sessions.open(course.id, NOW, timedelta(minutes=10))


def face(student: Student, *, photo: str = "a", encoder: str = "resnet:1", seed: int = 0) -> FaceTemplate:
    """A template with random numbers for an encoding."""
    encoding = np.random.default_rng(seed).normal(size=128).astype(np.float32)
    return FaceTemplate(student.id, encoder, encoding, photo * 64, 0.9, NOW)


@pytest.fixture
def make_face():
    return face

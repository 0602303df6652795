"""Fixtures for every test."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import scratch_home  # before anything that looks for the home

import attendance_app  # noqa: F401 - switches ONNX Runtime's telemetry off before a test imports it

CHECKOUT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def nothing_in_the_real_home() -> Iterator[None]:
    """Fail a test in whose time something of ours appeared in the home of whoever runs the tests."""
    before = scratch_home.of_ours()
    yield
    written = sorted(str(path) for path, state in scratch_home.of_ours().items() if before.get(path) != state)
    assert not written, f"written to the real home: {written}"


def shared_data_folder() -> Path:
    """Return where the real faces would be: ATTENDANCE_SHARED_DATA, else beside the checkout."""
    return Path(os.environ.get("ATTENDANCE_SHARED_DATA", CHECKOUT.parent / "shared" / "data"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real faces and masks; its absence skips the test, and in CI fails it."""
    folder = shared_data_folder()
    if not folder.is_dir():
        # A skip in CI would pass for a test.
        if os.environ.get("CI"):
            pytest.fail(f"{folder} is missing: in CI the tests over real faces must run")
        pytest.skip("the folder of real faces is absent (ATTENDANCE_SHARED_DATA names it)")
    return folder


@pytest.fixture(scope="session")
def shared_cases() -> Path:
    """The folder of handed inputs that once failed; its absence skips the test."""
    folder = shared_data_folder().parent / "cases"
    if not folder.is_dir():
        pytest.skip("the folder of handed cases is absent")
    return folder

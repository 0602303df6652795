"""Fixtures for every test."""

import os
from pathlib import Path

import pytest

import attendance_app  # noqa: F401 - switches ONNX Runtime's telemetry off before a test imports it

CHECKOUT = Path(__file__).resolve().parent.parent


def shared_data_folder() -> Path:
    """Return where the real faces would be: ATTENDANCE_SHARED_DATA, else beside the checkout."""
    return Path(os.environ.get("ATTENDANCE_SHARED_DATA", CHECKOUT.parent / "shared" / "data"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real faces and masks; its absence skips the test, and in CI fails it."""
    folder = shared_data_folder()
    if not folder.is_dir():
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

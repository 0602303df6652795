"""All checks, in the order in which they are shown."""

from collections.abc import Callable, Iterator
from pathlib import Path

from attendance_app.services.doctor.audit import check_audit
from attendance_app.services.doctor.backups import check_backups
from attendance_app.services.doctor.check_result import CheckResult, CheckState
from attendance_app.services.doctor.devices import (
    check_camera,
    check_data_folder,
    check_photos,
    check_settings,
    check_video,
)
from attendance_app.services.doctor.encryption import check_encryption
from attendance_app.services.doctor.machine import (
    check_libraries,
    check_networks,
    check_processor,
    check_python,
    check_system,
)
from attendance_app.services.doctor.tensorflow import check_tensorflow
from attendance_app.services.doctor.window import check_window
from attendance_app.services.user_settings import load_settings

__all__ = ["CheckResult", "CheckState", "all_checks", "examine", "is_healthy"]

Check = Callable[[], CheckResult]


def all_checks(home: Path) -> tuple[Check, ...]:
    """Return every check, unrun: a window shows each answer as it comes."""
    return (
        check_python,
        check_system,
        check_processor,
        check_libraries,
        check_networks,
        lambda: check_data_folder(home),
        lambda: check_backups(home),
        lambda: check_encryption(home),
        lambda: check_audit(home),
        lambda: check_settings(home),
        check_photos,
        check_video,
        lambda: check_camera(load_settings(home).settings.camera),
        check_window,
        check_tensorflow,
    )


def examine(home: Path) -> Iterator[CheckResult]:
    """Run every check in turn."""
    for check in all_checks(home):
        yield check()


def is_healthy(results: list[CheckResult]) -> bool:
    """Say whether no check has failed; warnings don't count."""
    return all(result.state is not CheckState.FAILED for result in results)

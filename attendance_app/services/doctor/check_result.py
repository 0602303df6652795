"""The result of one check."""

from dataclasses import dataclass
from enum import Enum

from attendance_app.domain.errors import KnownError


class CheckState(Enum):
    """FAILED: the main job won't work; WARNING: something is missing that one can do without, or is slow.

    ABSENT: an optional part is not installed, which is no fault.
    """

    OK = "ok"
    ABSENT = "absent"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One line: ``name`` is English for people, ``detail`` holds names and numbers, empty where ``problem`` has them.

    ``problem`` is what is wrong, None when all is well.
    """

    name: str
    state: CheckState
    detail: str = ""
    problem: KnownError | None = None


def fine(name: str, detail: str) -> CheckResult:
    return CheckResult(name, CheckState.OK, detail)


def absent(name: str, detail: str) -> CheckResult:
    return CheckResult(name, CheckState.ABSENT, detail)


def warning(name: str, problem: KnownError, detail: str = "") -> CheckResult:
    return CheckResult(name, CheckState.WARNING, detail, problem)


def failed(name: str, problem: KnownError, detail: str = "") -> CheckResult:
    return CheckResult(name, CheckState.FAILED, detail, problem)

"""What the doctor says of one thing."""

from dataclasses import dataclass
from enum import Enum

from attendance_app.domain.errors import KnownError


class CheckState(Enum):
    """FAILED: the main job won't work; WARNING: something is missing that one can do without, or is slow."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One line: ``name`` and ``remedy`` are English for people, ``detail`` holds names and numbers.

    ``remedy`` is empty when all is well.
    """

    name: str
    state: CheckState
    detail: str
    remedy: str = ""


def fine(name: str, detail: str) -> CheckResult:
    return CheckResult(name, CheckState.OK, detail)


def warning(name: str, detail: str, remedy: str) -> CheckResult:
    return CheckResult(name, CheckState.WARNING, detail, remedy)


def failed(name: str, detail: str, remedy: str) -> CheckResult:
    return CheckResult(name, CheckState.FAILED, detail, remedy)


def of_error(name: str, error: KnownError, state: CheckState = CheckState.FAILED) -> CheckResult:
    """Report a known error with its own remedy."""
    return CheckResult(name, state, error.message, error.remedy)

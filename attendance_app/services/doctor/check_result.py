"""What the doctor says of one thing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from attendance_app.domain.errors import KnownError


class CheckState(Enum):
    """FAILED: the main job won't work; WARNING: something is missing that one can do without, or is slow."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One line: ``name`` is English for people, ``detail`` holds names and numbers.

    ``remedy_template`` is empty when all is well; else it is filled from ``remedy_details``, after a window has
    translated it.
    """

    name: str
    state: CheckState
    detail: str
    remedy_template: str = ""
    remedy_details: Mapping[str, object] = field(default_factory=dict)

    @property
    def remedy(self) -> str:
        """What to do, in English."""
        return self.remedy_template.format(**self.remedy_details)


def fine(name: str, detail: str) -> CheckResult:
    return CheckResult(name, CheckState.OK, detail)


def warning(name: str, detail: str, remedy: str, **details: object) -> CheckResult:
    return CheckResult(name, CheckState.WARNING, detail, remedy, details)


def failed(name: str, detail: str, remedy: str, **details: object) -> CheckResult:
    return CheckResult(name, CheckState.FAILED, detail, remedy, details)


def of_error(name: str, error: KnownError, state: CheckState = CheckState.FAILED) -> CheckResult:
    """Report a known error with its own remedy."""
    return CheckResult(name, state, error.message, error.remedy_template, error.details)

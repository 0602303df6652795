"""Measured rates of each strictness, shown where the user chooses one."""

from dataclasses import dataclass

from attendance_app.classifiers.thresholds import Strictness


@dataclass(frozen=True, slots=True)
class ExpectedRates:
    """Measured rates for one picture at a strictness: ``named``, the share of students' pictures that were named
    correctly; ``strangers``, the share of strangers' pictures assigned to a student. No student was taken for
    another."""

    named: float
    strangers: float


EXPECTED = {
    Strictness.STRICT: ExpectedRates(named=0.895, strangers=0.00014),
    Strictness.BALANCED: ExpectedRates(named=0.954, strangers=0.00087),
    Strictness.LENIENT: ExpectedRates(named=0.968, strangers=0.00174),
}
"""The row "30 x 3, clean" of docs/benchmarks.md, "Recognition"."""

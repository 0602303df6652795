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
    Strictness.STRICT: ExpectedRates(named=0.903, strangers=0.00019),
    Strictness.BALANCED: ExpectedRates(named=0.938, strangers=0.00077),
    Strictness.LENIENT: ExpectedRates(named=0.953, strangers=0.00103),
}
"""Large faces, three photos a student, classes of 30: the table by strictness of ``attendance train sizes``
(docs/benchmarks.md, "Small faces")."""

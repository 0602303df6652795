"""What the report's accuracy depends on, and the split that is always the report's own."""

from pathlib import Path

import numpy as np

from attendance_app.lab.identity.report import IdentityReportTraining
from attendance_app.lab.identity.report_factors import Factor, factors, table

LABELS = np.repeat(np.arange(4), 50)


def _training(*, seed: int, as_reported: bool) -> IdentityReportTraining:
    return IdentityReportTraining(Path("data"), Path("out"), 1, seed=seed, as_reported=as_reported)


def test_to_the_letter_the_seed_does_not_choose_the_test_pictures() -> None:
    one, two = (_training(seed=seed, as_reported=True).split(LABELS) for seed in (1, 2))
    np.testing.assert_array_equal(one.test, two.test)
    np.testing.assert_array_equal(one.validation, two.validation)

    one, two = (_training(seed=seed, as_reported=False).split(LABELS) for seed in (1, 2))
    assert set(one.test) != set(two.test)


def test_the_table_has_the_difference_from_the_first_way() -> None:
    measured = [Factor("as the report", 1, 40, (0.80, 0.82)), Factor("aligned", 1, 40, (0.91, 0.89))]

    assert table(measured).splitlines()[2:] == [
        "| as the report | 2 | 0.810 |  | 0.014 | 0.800 to 0.820 |",
        "| aligned | 2 | 0.900 | +0.090 | 0.014 | 0.890 to 0.910 |",
    ]


def test_what_was_measured_begins_with_the_reports_own_way_on_pictures_as_they_are() -> None:
    first, *others = factors()
    assert first.what.startswith("as the report")
    assert others
    assert all(0 < accuracy < 1 for one in factors() for accuracy in one.test_accuracies)

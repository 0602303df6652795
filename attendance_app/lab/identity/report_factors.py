"""What the identity report's accuracy depends on, measured once for all runs by ``benchmarks/identity_report.py``."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_suffix(".json")
COMMAND = "python -m benchmarks.identity_report"


@dataclass(frozen=True, slots=True)
class Factor:
    """Trainings of one variant by the report's recipe with one thing changed, each with another seed."""

    what: str
    variant: int
    epochs: int
    test_accuracies: tuple[float, ...]

    @property
    def mean(self) -> float:
        return sum(self.test_accuracies) / len(self.test_accuracies)

    @property
    def deviation(self) -> float:
        """Standard deviation over the seeds."""
        squares = sum((one - self.mean) ** 2 for one in self.test_accuracies)
        return float((squares / max(1, len(self.test_accuracies) - 1)) ** 0.5)


@cache
def factors() -> tuple[Factor, ...]:
    """Return what was measured; the first is the report's own way."""
    rows = json.loads(FILE.read_text(encoding="utf-8"))
    return tuple(Factor(**{**row, "test_accuracies": tuple(row["test_accuracies"])}) for row in rows)


def table(measured: Sequence[Factor]) -> str:
    """Return a Markdown table: a line a factor, with the difference from the report's own way."""
    lines = [
        "| trained | runs | test accuracy: mean | difference | deviation over seeds | least to most |",
        "|---|---|---|---|---|---|",
    ]
    first = measured[0]
    for one in measured:
        least, most = min(one.test_accuracies), max(one.test_accuracies)
        difference = "" if one is first else f"{one.mean - first.mean:+.3f}"
        lines.append(
            f"| {one.what} | {len(one.test_accuracies)} | {one.mean:.3f} | {difference} | {one.deviation:.3f} "
            f"| {least:.3f} to {most:.3f} |"
        )
    return "\n".join(lines)

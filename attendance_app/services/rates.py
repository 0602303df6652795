"""Counts as rates with 95 % intervals."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """``count`` of ``total``, with the exact 95 % interval of Clopper and Pearson (Biometrika 26, 1934)."""

    count: int
    total: int

    @property
    def value(self) -> float:
        """The share, 0 where there is nothing to count."""
        return self.count / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper end; 0 to 1 where there is nothing to count."""
        from scipy.stats import beta

        missed = self.total - self.count
        low = float(beta.ppf(0.025, self.count, missed + 1)) if self.count else 0.0
        high = float(beta.ppf(0.975, self.count + 1, missed)) if missed else 1.0
        return low, high

"""Counts as rates with 95 % intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

_PRIOR_CLUSTERS = 2.0
"""How many students with an error the prior design effect weighs as much as; see ``clustered_rate``."""


@dataclass(frozen=True, slots=True)
class Rate:
    """``count`` of ``total``, with the 95 % interval of Clopper and Pearson (Biometrika 26, 1934).

    ``design_effect``: by how much dependence between the tries multiplies the variance; 1 for independent ones.
    ``exclusive``: so many tries belong together, and at most one of them counts, as when one photo is compared with
    several students; the interval is that of the groups.
    """

    count: int
    total: int
    design_effect: float = 1.0
    exclusive: int = 1

    @property
    def value(self) -> float:
        """The share, 0 where there is nothing to count."""
        return self.count / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper end; 0 to 1 where there is nothing to count. Exact where the tries are independent."""
        if not self.total:
            return 0.0, 1.0
        # Comparisons of one photo exclude each other: the photo is the try, and the share is per comparison.
        groups = self.total // self.exclusive
        if self.design_effect > 1:
            low, high = _effective_interval(self.count / groups, max(groups / self.design_effect, 1.0))
        else:
            low, high = _exact_interval(self.count, groups)
        return low / self.exclusive, high / self.exclusive


def _exact_interval(count: int, total: int) -> tuple[float, float]:
    from scipy.stats import binomtest

    found = binomtest(count, total).proportion_ci(0.95, method="exact")
    return float(found.low), float(found.high)


def _effective_interval(share: float, tries: float) -> tuple[float, float]:
    """Clopper and Pearson's interval for ``tries`` that are no whole number, which ``binomtest`` does not take."""
    from scipy.stats import beta

    errors, rest = share * tries, (1 - share) * tries
    low = float(beta.ppf(0.025, errors, rest + 1)) if errors > 0 else 0.0
    high = float(beta.ppf(0.975, errors + 1, rest)) if rest > 0 else 1.0
    return low, high


def clustered_rate(counts: Sequence[int], totals: Sequence[int], *, exclusive: int = 1) -> Rate:
    """The rate over clusters (students) whose tries (photos) depend on each other: ``counts`` of ``totals`` in each.

    ``exclusive``: each try is so many comparisons, of which at most one counts; the rate is that of the comparisons.

    The interval is that of Korn and Graubard (Survey Methodology 24, 1998): Clopper and Pearson's for the number of
    tries divided by the design effect. Few students with an error say little about the dependence. The estimate is
    therefore averaged with the design effect of full dependence, which weighs as much as ``_PRIOR_CLUSTERS`` of them.
    """
    clusters = [(count, total) for count, total in zip(counts, totals, strict=True) if total]
    errors, tries = sum(count for count, _ in clusters), sum(total for _, total in clusters)
    return Rate(errors, tries * exclusive, _design_effect(clusters), exclusive) if tries else Rate(0, 0)


def _design_effect(clusters: list[tuple[int, int]]) -> float:
    errors, tries = sum(count for count, _ in clusters), sum(total for _, total in clusters)
    # The design effect if all photos of a student agree: the mean size of a cluster, weighted by size.
    dependent = sum(total**2 for _, total in clusters) / tries
    share = errors / tries
    # Without any error, or with nothing but errors, the counts say nothing of the dependence: assume the worst.
    if len(clusters) < 2 or share in {0.0, 1.0}:
        return dependent
    between = sum((count - share * total) ** 2 for count, total in clusters) / tries**2
    # Variance of a ratio over clusters (Taylor linearisation), over that of as many independent tries.
    variance = len(clusters) / (len(clusters) - 1) * between
    estimate = variance / (share * (1 - share) / tries)
    informative = min(sum(count > 0 for count, _ in clusters), sum(count < total for count, total in clusters))
    weight = informative / (informative + _PRIOR_CLUSTERS)
    # Below 1 the tries would say more than independent ones: that is chance.
    return max(1.0, weight * estimate + (1 - weight) * dependent)

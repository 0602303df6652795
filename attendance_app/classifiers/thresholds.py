"""How sure is sure enough: the only place where the matcher's decision thresholds stand."""

from dataclasses import dataclass
from enum import Enum


class Strictness(Enum):
    """A school's choice between strangers marked and students left for review."""

    STRICT = "strict"
    BALANCED = "balanced"
    LENIENT = "lenient"


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """``accept``: name the student from this probability on. ``review``: from here on ask the teacher."""

    accept: float
    review: float


DECISION_RULES = {
    Strictness.STRICT: DecisionRule(accept=0.999, review=0.5),
    Strictness.BALANCED: DecisionRule(accept=0.99, review=0.5),
    Strictness.LENIENT: DecisionRule(accept=0.95, review=0.5),
}
DEFAULT_RULE = DECISION_RULES[Strictness.BALANCED]

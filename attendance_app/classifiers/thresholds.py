"""The matcher's decision thresholds; they stand nowhere else.

The figures are for one picture of the face, 30 students with 3 photos each, LFW people whom the model never saw
(docs/benchmarks.md, "Recognition"). A session asks for several agreeing pictures on top.
"""

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
    Strictness.STRICT: DecisionRule(accept=0.99, review=0.5),
    Strictness.BALANCED: DecisionRule(accept=0.95, review=0.5),
    Strictness.LENIENT: DecisionRule(accept=0.9, review=0.4),
}
DEFAULT_RULE = DECISION_RULES[Strictness.BALANCED]

MASKED_SCALE, MASKED_OFFSET = 0.44, 3.05
"""What makes a bare face's log odds those of a masked one, measured on masked faces (docs/adr/0041). The same
probability then asks for more: of masked students one picture in ten reaches 0.95, of bare ones nineteen in twenty."""

MASKED_SIGHTINGS = 5
"""Sure sightings in a row that mark a masked face; a bare one needs three (docs/adr/0041)."""

LOOKALIKE_FROM = 0.5
"""Two students are look-alikes when one's photos, taken for a probe, would be the other's with this probability."""

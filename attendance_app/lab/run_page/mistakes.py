"""Which pictures of a test were answered wrongly."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from attendance_app.lab.run_page.record import TestPart

SHOWN: Final = 6
"""Wrongly answered pictures of a class that the page shows at most."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A picture by its number in the test, the class that was answered, and with which probability."""

    index: int
    answer: int
    probability: float
    true_probability: float
    """Of the class that it is."""


@dataclass(frozen=True, slots=True)
class ClassMistakes:
    """Of one class: how many pictures there are, how many were answered wrongly, and the surest of these."""

    label: int
    pictures: int
    wrong: int
    shown: Sequence[Mistake]


def mistakes_of(part: TestPart, shown: int = SHOWN) -> tuple[ClassMistakes, ...]:
    """Return the mistakes class by class, the class with the largest share of them first; without any it is left out.

    In each the ``shown`` surest wrong answers: they say most about what the network takes for what.
    """
    answers = part.probabilities.argmax(axis=1)
    found = []
    for label in range(len(part.names)):
        members = np.flatnonzero(part.truth == label)
        wrong = members[answers[members] != label]
        if len(wrong):
            surest = wrong[np.argsort(-part.probabilities[wrong].max(axis=1), kind="stable")][:shown]
            chosen = tuple(
                Mistake(
                    int(index),
                    int(answers[index]),
                    float(part.probabilities[index].max()),
                    float(part.probabilities[index, label]),
                )
                for index in surest
            )
            found.append(ClassMistakes(label, len(members), len(wrong), chosen))
    return tuple(sorted(found, key=lambda one: -one.wrong / one.pictures))

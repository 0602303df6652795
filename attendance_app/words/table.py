"""The words of all kinds together."""

from typing import Final

from attendance_app.words import classifiers, output, services
from attendance_app.words.kinds import Table

WORDS: Final[Table] = {**classifiers.WORDS, **output.WORDS, **services.WORDS}

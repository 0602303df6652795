"""The words of all kinds together."""

from typing import Final

from attendance_app.words import classifiers, config, demo, doctor, films, networks, output, services, store, vision
from attendance_app.words.kinds import Table

WORDS: Final[Table] = {
    **demo.WORDS,
    **config.WORDS,
    **networks.WORDS,
    **vision.WORDS,
    **films.WORDS,
    **classifiers.WORDS,
    **services.WORDS,
    **output.WORDS,
    **doctor.WORDS,
    **store.WORDS,
}

"""The words of all kinds together."""

from importlib import import_module
from typing import Final

from attendance_app.domain.errors import KnownError
from attendance_app.words import (
    classifiers,
    config,
    demo,
    doctor,
    films,
    networks,
    output,
    services,
    store,
    tables,
    timetable,
    vision,
)
from attendance_app.words.kinds import Table, Words

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
    **tables.WORDS,
    **timetable.WORDS,
}


def words_of(error: KnownError) -> Words:
    """Return the words for an error. Kinds of the laboratory, which is a layer above, are looked up in its own
    table."""
    kind = type(error)
    if kind in WORDS:
        return WORDS[kind]
    # By name, since no import may lead from here into the laboratory.
    table: Table = import_module(f"{kind.__module__.rpartition('.')[0]}.words").WORDS
    return table[kind]

"""Short names of people, for places with little room."""

from collections import Counter
from collections.abc import Iterator, Sequence

SHORT_FORMS = 4
"""How many forms ``_forms`` gives for each name."""


def short_names(names: Sequence[str]) -> tuple[str, ...]:
    """Return for each name the shortest form that no other of ``names`` has.

    The first word ("Ana"), with the initial of the last ("Ana G."), the last ("07" of "Student 07"), else the whole.
    "García, Ana" is read as "Ana García".
    """
    forms = [tuple(_forms(name)) for name in names]
    taken = [Counter(each[form].casefold() for each in forms) for form in range(SHORT_FORMS)]
    return tuple(
        next((words for form, words in enumerate(each) if taken[form][words.casefold()] == 1), each[-1])
        for each in forms
    )


def _forms(name: str) -> Iterator[str]:
    family, comma, given = name.partition(",")
    words = f"{given} {family}".split() if comma and given.strip() else name.split()
    # Every name has the same number of forms, so that forms of one kind can be compared.
    first, last = (words[0], words[-1]) if words else (name, name)
    yield first
    yield f"{first} {last[0]}." if len(words) > 1 else first
    yield last
    yield name

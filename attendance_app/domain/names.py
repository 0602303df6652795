"""Short names of people, for places with little room, and the search for a name."""

from collections import Counter
from collections.abc import Iterator, Sequence

from attendance_app.domain.people import Student, sort_key

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


def search_rank(student: Student, typed: str) -> int | None:
    """Return how well a student answers to what was typed, 0 being best; None: not at all.

    Case and accents do not matter. 0: it is the student's number or list number; 1: each word begins a word of the name
    or a number; 2: each word is a part of one.
    """
    wanted = sort_key(typed).split()
    numbers = [sort_key(student.number), *([str(student.list_number)] if student.list_number else [])]
    own = [*sort_key(f"{student.name} {student.family_name} {student.given_name}").split(), *numbers]
    if wanted and " ".join(wanted) in numbers:
        return 0
    if all(any(word.startswith(part) for word in own) for part in wanted):
        return 1
    return 2 if all(any(part in word for word in own) for part in wanted) else None

"""The words of a list's header, whatever way they are written."""

import re

from attendance_app.domain.people import sort_key


def header_words(header: str) -> str:
    """Return a header as plain words: "Código_Estudiante" and "codigoEstudiante" alike."""
    # Some systems write headers like "codigoEstudiante": a capital inside a word begins another word.
    split_case = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", header)
    return " ".join(re.findall(r"[^\W_]+", sort_key(split_case)))

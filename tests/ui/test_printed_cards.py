"""The printed cards are read back from their pages."""

import cv2
import numpy as np
import pypdfium2
import pytest
from PySide6.QtGui import QGuiApplication

from attendance_app.services.cards import Card, qr_modules
from attendance_app.ui.printing.cards import cards_pdf
from attendance_app.vision.cards import CardReader

TOKENS = tuple(f"CARD{letter * 12}" for letter in "ABCDEFGHIJKL")


def cards() -> list[Card]:
    name = "A Name Of Several Words That Takes More Than One Line"
    return [Card(name, number, "Algebra", token, qr_modules(token)) for number, token in enumerate(TOKENS, start=1)]


@pytest.mark.parametrize("dots", [100, 200])
def test_every_card_is_read_from_its_page(qapp: QGuiApplication, dots: int) -> None:
    pages = list(pypdfium2.PdfDocument(cards_pdf(cards(), "Algebra")))
    assert len(pages) == 2
    pictures = [np.asarray(page.render(scale=dots / 72).to_pil().convert("RGB")) for page in pages]
    reader = CardReader()
    # One card at a time, as it is held up after it was cut out.
    height, width = pictures[0].shape[:2]
    margin = round(dots * 10 / 25.4)
    high, wide = (height - 2 * margin) // 5, (width - 2 * margin) // 2
    found = []
    for number in range(len(TOKENS)):
        page, place = divmod(number, 10)
        top, left = margin + place // 2 * high, margin + place % 2 * wide
        one = pictures[page][top : top + high, left : left + wide]
        found += reader.read(cv2.copyMakeBorder(one, 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=(128, 128, 128)))
    assert tuple(found) == TOKENS


def test_names_stand_on_the_cards(qapp: QGuiApplication) -> None:
    text = pypdfium2.PdfDocument(cards_pdf(cards(), "Algebra"))[0].get_textpage().get_text_bounded()
    assert "1. A Name" in text
    assert "Algebra" in text
    assert not any(token in text for token in TOKENS)

"""A card that is held up marks in the window; an unknown one is said."""

from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
from conftest import wait_for
from roll_call_steps import finish, mark_of

from attendance_app.domain.sessions import MarkedBy, Status
from attendance_app.services.cards import course_cards, qr_modules
from attendance_app.store.database import Store
from attendance_app.ui.pages.roll_call import RollCallPage
from attendance_app.ui.status_look import marked_by_word

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def film(path: Path, *tokens: str) -> str:
    """Three seconds of cards beside each other."""
    frame = np.full((360, 1280, 3), 128, np.uint8)
    for place, token in enumerate(tokens):
        squares = np.pad(np.where(np.array(qr_modules(token)), 0, 255).astype(np.uint8), 4, constant_values=255)
        large = cv2.resize(squares, None, fx=10, fy=10, interpolation=cv2.INTER_NEAREST)
        frame[20 : 20 + len(large), 20 + 400 * place : 20 + 400 * place + len(large)] = large[..., None]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (1280, 360))
    for _ in range(30):
        writer.write(frame)
    writer.release()
    return str(path)


def test_a_card_marks_its_student_and_an_unknown_one_nobody(page: RollCallPage, store: Store, tmp_path: Path) -> None:
    context = page.context
    assert context.course is not None
    with store.write() as tx:
        cards = course_cards(tx, context.course, NOW)
    said: list[str] = []
    context.toast_wanted.connect(lambda text, *_more: said.append(text))
    context.change_settings(cards="on")
    page.source.use(film(tmp_path / "cards.avi", cards[4].token, "AAAABBBBCCCCDDDD"))
    page.start(resume=False)
    wait_for(lambda: page.model.count(Status.PRESENT) == 3 and any("marks nobody" in text for text in said))
    assert mark_of(store, page, 4) == (Status.PRESENT, MarkedBy.CARD)
    assert mark_of(store, page, 3) is None
    assert marked_by_word(MarkedBy.CARD) == "Card"
    finish(page)

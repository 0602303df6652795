"""A session with cards: they mark the right students, and an unknown one nobody."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import cv2
import numpy as np
from single_writes import each

from attendance_app.config.settings import Settings
from attendance_app.domain.faces import Frame, Image
from attendance_app.domain.people import Course
from attendance_app.domain.roll_call import DecisionKind
from attendance_app.domain.sessions import Mark, MarkedBy, Session, Status
from attendance_app.services.cards import course_cards, qr_modules
from attendance_app.services.session.card_watch import CardMarks, CardWatch
from attendance_app.services.session.live_roll import LiveRoll
from attendance_app.services.session.roll_messages import RollEvent, RollOrder, UnknownCard
from attendance_app.store.database import Store
from tests.rolls import Film, Recognised, conclude, tools

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
UNKNOWN = "AAAABBBBCCCCDDDD"


def picture(*tokens: str) -> Image:
    """Cards beside each other on grey."""
    frame = np.full((360, 1280, 3), 128, np.uint8)
    for place, token in enumerate(tokens):
        squares = np.pad(np.where(np.array(qr_modules(token)), 0, 255).astype(np.uint8), 4, constant_values=255)
        large = cv2.resize(squares, None, fx=10, fy=10, interpolation=cv2.INTER_NEAREST)
        left = 20 + place * 400
        frame[20 : 20 + len(large), left : left + len(large)] = large[..., None]
    return frame


@dataclass
class CardFilm(Film):
    """A film that shows cards at the given seconds."""

    shown: dict[float, Image] = field(default_factory=dict)

    def read(self, timeout: float | None = None) -> Frame | None:
        frame = super().read(timeout)
        return frame and Frame(frame.index, frame.seconds, self.shown.get(frame.seconds, picture()))


def film(shown: dict[float, Image], *, live: bool = False) -> CardFilm:
    return CardFilm(sorted(shown), shown=shown, live=live)


def take(store: Store, course: Course, source: Film, recognised: Recognised | None = None, *, cards="on"):
    events: list[RollEvent] = []
    order = RollOrder(course, "0", timedelta(minutes=10), Settings(cards=cards), ends_with_source=True)
    LiveRoll(order, tools(store, [source], recognised or Recognised(), clock=lambda: NINE), events.append).run()
    (session,) = store.sessions.all()
    marks = {mark.student_id: mark for mark in store.marks.of_session(session.id)}
    return marks, sum(isinstance(event, UnknownCard) for event in events)


def tokens_of(store: Store, course: Course) -> list[str]:
    with store.write() as tx:
        return [card.token for card in course_cards(tx, course, NINE)]


def test_cards_mark_their_students_and_an_unknown_card_nobody(store, course):
    one, two, _three = tokens_of(store, course)
    shown = {0.0: picture(one, UNKNOWN), 1.0: picture(UNKNOWN), 660.0: picture(two), 700.0: picture(one)}
    marks, unknown = take(store, course, film(shown))

    assert [(marks[id_].status, marks[id_].marked_by) for id_ in (1, 2, 3)] == [
        (Status.PRESENT, MarkedBy.CARD),
        (Status.LATE, MarkedBy.CARD),
        (Status.ABSENT, MarkedBy.CLOSE),
    ]
    assert (marks[1].first_seen_at, marks[1].last_seen_at) == (NINE, NINE + timedelta(seconds=700))
    assert unknown == 1


def test_a_camera_is_searched_beside_recognition(store, course):
    one, *_ = tokens_of(store, course)
    marks, _unknown = take(store, course, film({0.0: picture(one)}, live=True))
    assert marks[1].marked_by is MarkedBy.CARD


def test_without_the_setting_no_card_is_read(store, course):
    one, *_ = tokens_of(store, course)
    marks, unknown = take(store, course, film({0.0: picture(one, UNKNOWN)}), cards="off")
    assert (marks[1].status, unknown) == (Status.ABSENT, 0)


def test_cards_of_another_course_and_replaced_ones_mark_nobody(store, course):
    one, two, three = tokens_of(store, course)
    other = each(store).courses.add("B", "Biology")
    elsewhere = each(store).students.add("T1", "Student 4")
    each(store).students.enrol(other.id, elsewhere.id)
    (foreign,) = tokens_of(store, other)
    with store.write() as tx:
        (again,) = course_cards(tx, course, NINE, replace=["S1"])
    assert again.token not in {one, two, three}
    marks, unknown = take(store, course, film({0.0: picture(one, foreign), 2.0: picture(two, again.token)}))
    # The replaced card and the foreign one are unknown; the new one marks.
    assert unknown == 2
    assert {id_ for id_, mark in marks.items() if mark.marked_by is MarkedBy.CARD} == {1, 2}
    assert marks[1].first_seen_at == NINE + timedelta(seconds=2)


def test_who_came_by_face_stays_so_and_evidence_comes_to_who_came_by_card(store, course):
    one, two, _three = tokens_of(store, course)
    recognised = Recognised(
        {0.0: [conclude(DecisionKind.MARK, 1, at=0.0)], 5.0: [conclude(DecisionKind.MARK, 2, at=5.0)]}
    )
    shown = {0.0: picture(two), 5.0: picture(one)}
    marks, _unknown = take(store, course, film(shown), recognised)
    assert (marks[1].marked_by, marks[2].marked_by) == (MarkedBy.CAMERA, MarkedBy.CARD)
    assert marks[2].evidence is not None
    assert marks[1].last_seen_at == NINE + timedelta(seconds=5)
    assert recognised.marked_before == [2, 1]


def test_a_picture_is_searched_twice_a_second_and_never_two_at_once():
    calls: list[Callable[[], None]] = []
    read: list[int] = []
    watch = CardWatch(lambda frame: (read.append(int(frame.image[0, 0, 0])), ())[1], calls.append)
    frames = [Frame(n, n / 10, np.full((2, 2, 3), n, np.uint8)) for n in range(12)]
    for frame in frames:
        watch.look(frame, NINE, lambda _tokens, _at: None, source=0, live=False)
    assert read == [0, 5, 10]
    for frame in frames:
        watch.look(Frame(frame.index, 100 + frame.seconds, frame.image), NINE, lambda *_: None, source=0, live=True)
    watch.close()
    assert read == [0, 5, 10, 0]  # until the roll's thread has taken the answer
    calls.pop()()
    assert not calls


def test_a_card_made_during_the_session_is_known():
    owners = {"A": 1}
    marks = CardMarks(Session(1, 1, NINE, timedelta(minutes=10)), lambda: dict(owners))
    assert marks.is_news("B")
    owners["C"] = 3
    assert not marks.is_news("C")
    assert marks.take("C", NINE) == Mark(1, 3, Status.PRESENT, MarkedBy.CARD, NINE, NINE, NINE)
    assert marks.take("C", NINE + timedelta(seconds=9)) is None
    assert marks.take("B", NINE) is None

"""How well the course's own photos tell its students apart, in words and small tables."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from attendance_app.bootstrap import network_to_compare, open_photo_embedder
from attendance_app.classifiers.thresholds import Strictness
from attendance_app.domain.people import Course, Student
from attendance_app.services.classifier_comparison import CourseCheck, CourseComparison, check_course, compare_course
from attendance_app.services.jobs import JobContext
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, label
from attendance_app.ui.i18n import tr
from attendance_app.ui.recognition.course_task import CourseTask
from attendance_app.ui.recognition.figure_table import FigureTable
from attendance_app.ui.recognition.ways_compared import WaysCompared, outcome_figures, outcome_heads
from attendance_app.ui.settings.strictness_choice import strictness_word

_Found: TypeAlias = "tuple[CourseCheck | None, CourseComparison | None]"
"""The check of all photos by the main matcher, and the comparison of the methods by the photos that both networks
have."""

MOST_LISTED = 8
"""Number of names listed; the others are counted."""


class CourseChecker(CourseTask):
    """Checks the photos of the course in use when asked."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(context, kind="primary", icon_name="scales")
        self.with_network = False
        """Whether our own network is there to be compared."""
        self._found: CourseCheck | None = None
        self.bind_text(self.heading.setText, "Do the enrolled photos tell the students apart?")
        self.bind_text(
            self.intro.setText,
            "Each photo is left out once, and its student is named by the other photos. Then each student is taken off "
            "the list once, to see whether somebody else would be marked instead.",
        )
        self.button.with_text("Check the photos").on_click(self.check)
        self.summary, self._advice, self.notes = label("strong", wrap=True), label(wrap=True), label(wrap=True)
        self.table, self.ways = FigureTable((4, 2, 2, 2, 3)), WaysCompared()
        for part in (self.summary, self._advice, self.table, self.notes, self.ways):
            self.add_result(part)
        self.to_strictness = Button("plain", "gear-six").with_text("Set the strictness")
        self.to_strictness.on_click(lambda: context.open_page("settings"))
        self.to_photos = Button("plain", "identification-card").with_text("Enrol photos")
        self.to_photos.on_click(lambda: context.open_page("enrolment"))
        for button in (self.to_strictness, self.to_photos):
            self.add_button(button)
        self.retranslate()

    def forget(self) -> None:
        """Discard the results, because the course or its photos have changed."""
        self._show((None, None))

    def check(self) -> None:
        """Check as a job."""
        self.run(self._work, done=self._show, text=tr("Comparing the photos…"))

    def _work(self, course: Course, job: JobContext) -> _Found:
        store = self.context.store
        found = check_course(store, course, job)
        if not self.with_network or found.suggested is None:
            return found, None
        return found, compare_course(store, course, open_photo_embedder(network_to_compare(store, course)), job)

    def _show(self, found: _Found) -> None:
        self._found, comparison = found
        self.ways.show_found(comparison, Strictness(self.context.settings.strictness))
        self.retranslate()

    # -- showing

    def retranslate(self) -> None:
        found = self._found
        self.summary.setText(_summary(found) if found else "")
        self._advice.setText(_advice(found) if found else "")
        self.notes.setText("\n".join(_notes(found)) if found else "")
        if found is not None and found.suggested is not None:
            self._fill_table(found)
        else:
            self.table.clear()
        for part in (self.summary, self._advice, self.notes):
            part.setVisible(bool(part.text()))
        suggested = found.suggested if found else None
        self.to_strictness.setVisible(suggested is not None and suggested.value != self.context.settings.strictness)
        self.to_photos.setVisible(
            found is not None and bool(found.one_photo or found.without_photos or found.weak_photos)
        )

    def _fill_table(self, found: CourseCheck) -> None:
        used = Strictness(self.context.settings.strictness)
        in_use = tr("{strictness}, in use").format(strictness=strictness_word(used))
        rows = [
            (in_use if strictness is used else strictness_word(strictness), *outcome_figures(found, outcome))
            for strictness, outcome in found.outcomes.items()
        ]
        self.table.fill(outcome_heads(), rows, stressed=list(found.outcomes).index(used))


def _summary(found: CourseCheck) -> str:
    if not found.photos:
        return tr("No student of this course has an enrolled photo yet.")
    if found.suggested is None:
        return tr("There is nothing to compare: only one student has a photo, and only one photo.")
    outcome = found.outcomes[Strictness.BALANCED]
    if not outcome.errors:
        return tr("No photo was given to the wrong student.")
    return tr("%n photo(s) would be given to the wrong student.", "", outcome.errors)


def _advice(found: CourseCheck) -> str:
    if found.suggested is None:
        return tr("Enrol three photos of each student or more.")
    word = strictness_word(found.suggested)
    return tr("Suggested strictness: {strictness}").format(strictness=word)


def _notes(found: CourseCheck) -> list[str]:
    lines = [
        tr("{first} and {second} look alike: check who is marked, or enrol more photos of both.").format(
            first=pair.first.name, second=pair.second.name
        )
        for pair in found.look_alikes[:MOST_LISTED]
    ]
    lines += [
        tr("A photo of {owner} looks more like {other}: is it in the right place?").format(
            owner=one.owner.name, other=one.fits.name
        )
        for one in found.misplaced[:MOST_LISTED]
    ]
    if found.photos and found.without_photos:
        lines.append(_listed(lambda names: tr("Without a photo: {names}").format(names=names), found.without_photos))
    if found.one_photo:
        lines.append(_listed(lambda names: tr("With one photo only: {names}").format(names=names), found.one_photo))
    if found.weak_photos:
        words = tr("With weak photos only, of small or blurred faces: {names}")
        lines.append(_listed(lambda names: words.format(names=names), found.weak_photos))
    return lines


def _listed(sentence: Callable[[str], str], students: Sequence[Student]) -> str:
    names = ", ".join(student.name for student in students[:MOST_LISTED])
    more = len(students) - MOST_LISTED
    return sentence(tr("{names} and %n more", "", more).format(names=names) if more > 0 else names)

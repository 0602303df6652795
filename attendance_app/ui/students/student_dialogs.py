"""Dialogs about courses and students."""

from pathlib import Path

from PySide6.QtWidgets import QWidget

from attendance_app.domain.people import Consent, Course, Erasure, RosterEntry, Student, tidy
from attendance_app.services.roster import change_on_roster, list_number_of, put_on_roster
from attendance_app.store.backups import second_place_missing
from attendance_app.store.unit import Transaction
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import ChoiceBox
from attendance_app.ui.dialogs import ActingDialog, Action
from attendance_app.ui.i18n import tr


class CourseDialog(ActingDialog):
    """Makes a course, or changes the title of one."""

    def __init__(self, context: AppContext, course: Course | None = None, parent: QWidget | None = None) -> None:
        super().__init__(context, tr("Course {code}").format(code=course.code) if course else tr("New course"), parent)
        self._course = course
        self.title_field = self.field(tr("Title"), course.title if course else "", hint=tr("Algebra II"))
        self.code_field = self.field(tr("Code"), course.code if course else "", hint=tr("ALG2-3B"))
        self.code_field.setEnabled(course is None)
        self.set_primary(tr("Save") if course else tr("Create course"))

    def action(self) -> Action:
        code, title, course = self.code_field.text(), self.title_field.text(), self._course
        if course is None:
            return lambda tx: tx.courses.add(code, title)
        return lambda tx: tx.courses.retitle(course.id, title)

    def message(self, result: Course) -> str:
        text = tr("Course {code} was created") if self._course is None else tr("Course {code} has a new title")
        return text.format(code=result.code)


class StudentDialog(ActingDialog):
    """Adds a student to a course, or changes one of it; the name that is shown follows its parts while it is made of
    them."""

    def __init__(
        self,
        context: AppContext,
        *,
        course: Course | None = None,
        student: Student | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, tr("Edit student") if student else tr("New student"), parent)
        self._course, self._student = course, student
        self.family_field = self.field(tr("Family name"), student.family_name if student else "")
        self.given_field = self.field(tr("Given name"), student.given_name if student else "")
        self.name_field = self.field(tr("Name as shown"), student.name if student else "")
        self._whole = self._joined()
        for part in (self.family_field, self.given_field):
            part.textEdited.connect(self._follow_parts)
        self.number_field = self.field(tr("Number", "of a student"), student.number if student else "")
        listed = student.list_number if student else None
        self.list_field = self.field(tr("Number in the class list (optional)"), str(listed or ""))
        self.form.setRowVisible(self.list_field, course is not None)
        self.email_field = self.field(tr("E-mail (optional)"), student.email if student else "")
        self.set_primary(tr("Save") if student else tr("Add student"))

    def _joined(self) -> str:
        return tidy(f"{self.given_field.text()} {self.family_field.text()}")

    def _follow_parts(self) -> None:
        if tidy(self.name_field.text()) in {"", self._whole}:
            self.name_field.setText(self._joined())
        self._whole = self._joined()

    def action(self) -> Action:
        number, name, email = self.number_field.text(), self.name_field.text(), self.email_field.text()
        family, given, listed = self.family_field.text(), self.given_field.text(), self.list_field.text()
        course, student = self._course, self._student

        def act(tx: Transaction) -> Student:
            entry = RosterEntry(number, name, email, family, given, list_number_of(listed))
            if student is None:
                return put_on_roster(tx, course, entry)
            return change_on_roster(tx, student, course, entry)

        return act

    def message(self, result: Student) -> str:
        text = tr("{name} was changed") if self._student else tr("{name} was added")
        return text.format(name=result.name)


class ConsentDialog(ActingDialog):
    """Records on what ground a face template may be kept."""

    def __init__(self, context: AppContext, student: Student, parent: QWidget | None = None) -> None:
        super().__init__(context, tr("Consent for {name}").format(name=student.name), parent)
        self._student = student
        self.explain(
            tr(
                "Without a consent on record no face template is made; the student can be marked by hand all the same. "
                "Write down who consented and where the paper is kept."
            )
        )
        self.ground = ChoiceBox()
        self.ground.setEditable(True)
        self.ground.addItems([tr("Signed form of the parents"), tr("Signed form of the student (of age)")])
        self.ground.setCurrentText("")
        self.ground.setAccessibleName(tr("Ground"))
        self.form.addRow(tr("Ground"), self.ground)
        self.set_primary(tr("Record consent"))

    def action(self) -> Action:
        ground, student, now = self.ground.currentText(), self._student, self.context.clock()
        return lambda tx: tx.consents.record(student.id, ground, now)

    def message(self, result: Consent) -> str:
        return consent_recorded(self._student)


def consent_recorded(student: Student) -> str:
    """Say that a consent is on record."""
    return tr("Consent of {name} was recorded").format(name=student.name)


class EraseDialog(ActingDialog):
    """Asks the user to type a confirmation; no other question of the program needs that."""

    def __init__(self, context: AppContext, student: Student, parent: QWidget | None = None) -> None:
        super().__init__(context, tr("Erase everything about this student"), parent)
        self._student = student
        self.explain(
            tr(
                "Photos, face templates, consents, marks and their history of {name} are erased for good, in every "
                "course. This can't be undone. To go on, type the name:"
            ).format(name=student.name)
        )
        self.name_field = self.field(tr("Name"))
        self.name_field.textChanged.connect(self._compare)
        self.set_primary(tr("Erase"), "danger")
        self.primary.setEnabled(False)

    def _compare(self, typed: str) -> None:
        # Letter case and doubled spaces aside: the name is typed to confirm, not as a test.
        self.primary.setEnabled(tidy(typed).casefold() == tidy(self._student.name).casefold())

    def action(self) -> Action:
        student, now = self._student, self.context.clock()
        return lambda tx: tx.erasures.erase_student(student.id, now)

    def message(self, result: Erasure) -> str:
        words = tr("Everything about {name} was erased").format(name=self._student.name)
        return words + out_of_reach(self.context.home)


def out_of_reach(home: Path) -> str:
    """What to add where backups in the second place can't forget somebody now; empty where they can."""
    if second_place_missing(home) is None:
        return ""
    return tr("; in the second place for backups as soon as it is connected", "after: was erased, was withdrawn")

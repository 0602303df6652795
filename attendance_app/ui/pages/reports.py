"""The page "Reports": a course over time, who falls below the limit, and how well the camera takes the roll."""

from datetime import timedelta
from typing import ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from attendance_app.services.attendance_report import course_report
from attendance_app.services.course_matrix import CourseMatrix, course_matrix
from attendance_app.services.exports import export_camera_report, export_matrix
from attendance_app.services.reports import only, running_shares, session_shares, since, student_shares
from attendance_app.services.sheets.registers import course_sheet
from attendance_app.services.sheets.reports import report_sheet
from attendance_app.ui import dates
from attendance_app.ui.app_context import COURSES, MARKS, SESSIONS, SETTINGS, STUDENTS, AppContext
from attendance_app.ui.controls import Button, ChoiceBox, EmptyPage, NumberBox, label
from attendance_app.ui.exporting import Exporter, Offer, file_name
from attendance_app.ui.families.opening import show_below
from attendance_app.ui.i18n import tr
from attendance_app.ui.page import Page
from attendance_app.ui.reports.camera_view import CameraView, ShownReport, read_camera_report
from attendance_app.ui.reports.curve import ShareChart
from attendance_app.ui.reports.figures_view import FiguresView
from attendance_app.ui.reports.matrix_model import MatrixModel
from attendance_app.ui.reports.matrix_view import MatrixView
from attendance_app.ui.settings.setting_box import bounds_of, caption_of

PERIODS_DAYS = (None, 7, 30, 90)
"""In the order of the box's texts (``retranslate``); None: all sessions."""
CAMERA_TAB, FIGURES_TAB = 1, 2
"""Places of the tabs after the first."""
KEEP_LIMIT_MS = 600
"""The limit is stored after this pause: dragging it makes a hundred changes."""


class ReportsPage(Page):
    """Exports what it shows, including its filters."""

    topics: ClassVar[frozenset[str]] = frozenset({COURSES, STUDENTS, SESSIONS, MARKS})

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.bind_text(self.title.setText, "Reports")
        self._whole: CourseMatrix | None = None
        self._figures_of: int | None = None
        """Id of the course that the days of the figures were chosen for."""
        self._exporter = Exporter(context, self)
        self.export_button = Button("primary", "export").with_text("Export").on_click(self._export)
        self.messages_button = Button("plain").with_text("Messages for families…").on_click(self.write_messages)
        self.add_actions(self.messages_button, self.export_button)
        self._keep_limit = QTimer(self)
        self._keep_limit.setSingleShot(True)
        self._keep_limit.setInterval(KEEP_LIMIT_MS)
        self._keep_limit.timeout.connect(
            lambda: context.change_settings(attendance_limit_percent=self.limit_box.value())
        )
        self._keep_limit.timeout.connect(self._read_figures)
        self._stack = QStackedWidget()
        empty = EmptyPage("chart-line-up")
        empty.set_texts(
            "Nothing to report yet",
            "After the first sessions you see here who came when, in percent, and who falls below the limit.",
            "Take the roll",
            lambda: context.open_page("roll_call"),
        )
        self._stack.addWidget(empty)
        self.cameras = CameraView()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.bind_text(self.tabs.tabBar().setAccessibleName, "Reports")
        self.figures = FiguresView(context.memory)
        self.figures.span_changed.connect(self._read_figures)
        for part in (self._assemble(), self.cameras, self.figures):
            around = QWidget()
            column = QVBoxLayout(around)
            column.setContentsMargins(0, 16, 0, 0)
            column.addWidget(part)
            self.tabs.addTab(around, "")
        self.tabs.currentChanged.connect(lambda _tab: self._show_export())
        self._stack.addWidget(self.tabs)
        self.body.addWidget(self._stack, 1)
        context.data_changed.connect(self._on_settings)
        self.retranslate()

    def _assemble(self) -> QWidget:
        self._model = MatrixModel()
        self.view = MatrixView(self._model)
        self.view.session_wanted.connect(self._open_session)
        self.view.student_chosen.connect(self._show_student)
        self.chart = ShareChart()
        self.chart.limit_changed.connect(self._on_dragged)
        around = QWidget()
        column = QVBoxLayout(around)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._filters())
        column.addWidget(self.view, 1)
        column.addWidget(self.chart)
        return around

    def _filters(self) -> QHBoxLayout:
        self._period = ChoiceBox()
        self._period.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.bind_text(self._period.setAccessibleName, "Period")
        self._period.currentIndexChanged.connect(self._show)
        bounds = bounds_of("attendance_limit_percent")
        self.limit_box = NumberBox(bounds.least, bounds.most)
        self.limit_box.setSuffix(" %")
        self.limit_box.setValue(self.context.settings.attendance_limit_percent)
        self.limit_box.valueChanged.connect(self._on_limit)
        self.below_button = Button("plain", "funnel")
        self.below_button.setCheckable(True)
        self.below_button.toggled.connect(self._show)
        self._say_below(0)
        caption = label()
        self.bind_text(caption.setText, "Limit")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._period)
        row.addSpacing(16)
        row.addWidget(caption)
        row.addWidget(self.limit_box)
        row.addWidget(self.below_button)
        row.addStretch(1)
        return row

    # -- reading and showing

    def refresh(self) -> None:
        course, store = self.context.course, self.context.store
        if course is None:
            self._take(None)
            self._take_cameras(None)
            return
        self.context.run(lambda _job: course_matrix(store, course.id), done=self._take)
        # After the matrix, which is what most come for: the intervals take a second at first.
        self.context.run(lambda _job: read_camera_report(store, course.id), done=self._take_cameras)
        if self._figures_of != course.id:
            self._figures_of = course.id
            self.figures.forget_span()
        self._read_figures()

    def _read_figures(self) -> None:
        course, store, (first, last) = self.context.course, self.context.store, self.figures.span
        if course is not None:
            limit = self.limit_box.value() / 100
            self.context.run(
                lambda _job: course_report(store, course.id, limit=limit, first=first, last=last),
                done=self.figures.show_report,
            )

    def _take(self, matrix: CourseMatrix | None) -> None:
        self._whole = matrix
        filled = matrix is not None and bool(matrix.sessions)
        self._stack.setCurrentIndex(1 if filled else 0)
        self._show_export()
        self._show()

    def _take_cameras(self, shown: ShownReport | None) -> None:
        self.cameras.show_report(shown)
        self._show_export()

    def _show_export(self) -> None:
        """Show the button where the tab has something to export."""
        filled = self._whole is not None and bool(self._whole.sessions)
        if self.tabs.currentIndex() == CAMERA_TAB:
            filled = filled and self.cameras.report is not None
        self.export_button.setVisible(filled)
        self.messages_button.setVisible(filled and self.tabs.currentIndex() != CAMERA_TAB)

    def _shown(self) -> CourseMatrix | None:
        # The box has no index (-1) before its texts are set.
        days = PERIODS_DAYS[max(0, self._period.currentIndex())]
        if self._whole is None or days is None:
            return self._whole
        return since(self._whole, self.context.clock() - timedelta(days=days))

    def _show(self) -> None:
        matrix = self._shown()
        if matrix is None:
            self.subtitle.setText("")
            return
        ranked = student_shares(matrix, self.limit_box.value() / 100)
        below = frozenset(line.row.student.id for line in ranked if line.below)
        self._say_below(len(below))
        self.chart.show_course(session_shares(matrix), [dates.day(s.started_at) for s in matrix.sessions])
        self.chart.set_limit(self.limit_box.value())
        if self.below_button.isChecked():
            matrix = only(matrix, below)
            ranked = tuple(line for line in ranked if line.below)
        self._model.show_matrix(matrix, ranked)
        self._show_student(self.view.days.currentIndex().row())
        self.subtitle.setText(
            f"{matrix.course.title or matrix.course.code} · " + tr("%n session(s)", "", len(matrix.sessions))
        )

    def _say_below(self, count: int) -> None:
        self.below_button.show_text(tr("%n below the limit", "students", count))

    def _show_student(self, row: int) -> None:
        if not 0 <= row < self._model.rowCount():
            self.chart.show_student("", ())
            return
        line = self._model.rows[row]
        self.chart.show_student(line.row.student.name, running_shares(line.row))

    def retranslate(self) -> None:
        chosen = max(0, self._period.currentIndex())
        # Each change of the box would show the report anew.
        self._period.blockSignals(True)
        self._period.clear()
        self._period.addItems([tr("All sessions"), tr("Last 7 days"), tr("Last 30 days"), tr("Last 90 days")])
        self._period.setCurrentIndex(chosen)
        self._period.blockSignals(False)
        self.limit_box.setAccessibleName(caption_of("attendance_limit_percent"))
        for tab, words in enumerate((tr("Attendance"), tr("How well the camera works"), tr("Figures"))):
            self.tabs.setTabText(tab, words)
        self._show()

    # -- what the user does

    def _on_dragged(self, percent: int) -> None:
        self.limit_box.setValue(percent)

    def _on_limit(self, _percent: int) -> None:
        self._show()
        self._keep_limit.start()

    def _on_settings(self, topic: str) -> None:
        # A limit that is being dragged must not jump back to the one that is stored.
        if topic == SETTINGS and not self._keep_limit.isActive():
            self.limit_box.setValue(self.context.settings.attendance_limit_percent)

    def _open_session(self, column: int) -> None:
        if self._model.matrix is not None:
            self.context.open_page("sessions", self._model.matrix.sessions[column].id)

    def close_down(self) -> None:
        # The timer will not fire any more.
        if self._keep_limit.isActive():
            self._keep_limit.stop()
            self.context.change_settings(attendance_limit_percent=self.limit_box.value())

    def write_messages(self) -> None:
        """Show the messages for the families of who is below the limit, in the days that the tab shows."""
        course = self.context.course
        if course is None:
            return
        first, last = self.figures.span
        if self.tabs.currentIndex() != FIGURES_TAB:
            days = PERIODS_DAYS[max(0, self._period.currentIndex())]
            begin = None if days is None else self.context.clock() - timedelta(days=days)
            first, last = None if begin is None else begin.astimezone().date(), None
        show_below(self.context, course, percent=self.limit_box.value(), first=first, last=last, parent=self)

    def _export(self) -> None:
        day = f"{self.context.clock().astimezone():%Y-%m-%d}"
        report = self.cameras.report
        if self.tabs.currentIndex() == CAMERA_TAB:
            if report is not None:
                name = file_name(report.course.code, tr("camera", "file name"), day)
                self._exporter.offer_table(self.export_button, name, lambda out: export_camera_report(report, out))
            return
        figures = self.figures.report
        if self.tabs.currentIndex() == FIGURES_TAB:
            if figures is not None:
                name = file_name(figures.course.code, tr("figures", "file name"), day)
                self._exporter.offer(self.export_button, Offer(name, lambda words: report_sheet(figures, words)))
            return
        matrix = self._model.matrix
        if matrix is None:
            return
        name = file_name(matrix.course.code, tr("attendance", "file name"), day)
        self._exporter.offer(
            self.export_button,
            Offer(name, lambda words: course_sheet(matrix, words), machine=lambda out: export_matrix(matrix, out)),
        )


def make_page(context: AppContext) -> Page:
    return ReportsPage(context)

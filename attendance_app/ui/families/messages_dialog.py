"""Who is absent or below the limit, each with the message for the family: copied, or opened in the mail program."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QModelIndex, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from attendance_app.domain.errors import KnownError
from attendance_app.domain.parent_messages import MessageKind
from attendance_app.services.message_texts import school_texts, set_family_language
from attendance_app.services.parent_messages import ParentMessage, SchoolTexts, mail_link
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, ChoiceBox, label
from attendance_app.ui.families.texts_dialog import TextsDialog
from attendance_app.ui.families.words import language_words
from attendance_app.ui.i18n import tr
from attendance_app.ui.message_bar import MessageBar
from attendance_app.ui.rows_model import Column, RowsModel
from attendance_app.ui.tables import RowTable

Make = Callable[[SchoolTexts], tuple[ParentMessage, ...]]


@dataclass(frozen=True, slots=True)
class MessagesAbout:
    """What the messages are about, read from the register already: ``make`` writes them. ``title`` is translated."""

    kind: MessageKind
    title: str
    make: Make


class MessagesDialog(QDialog):
    """Sends nothing: what is written is copied, or handed to the mail program, where the teacher sends it or not."""

    def __init__(self, context: AppContext, about: MessagesAbout, texts: SchoolTexts, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._about, self._texts = context, about, texts
        self.setWindowTitle(tr("Messages for families"))
        self.setModal(True)
        room = parent.window().size()
        self.resize(min(context.theme.px(920), room.width()), min(context.theme.px(560), room.height()))
        title, help_text = label("title"), label("quiet", wrap=True)
        title.setText(tr("Messages for families"))
        nothing_sent = tr(
            "Nothing is sent from here: copy a message, or open it in the mail program and send it there."
        )
        help_text.setText(f"{about.title}\n{nothing_sent}")
        self.message_bar = MessageBar()
        self._model: RowsModel[ParentMessage] = RowsModel(_columns(), key=lambda message: message.student.id)
        self.table = RowTable(context.memory, "messages", row_height=32)
        self.table.begin(self._model, stretch=0, widths={1: 100})
        self.table.setAccessibleName(tr("Students concerned"))
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(self.table, 2)
        middle.addLayout(self._right(), 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        for part in (title, help_text, self.message_bar):
            column.addWidget(part)
        column.addLayout(middle, 1)
        column.addLayout(self._bottom())
        # Enter in the table must not press one.
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
        self._show_texts(texts)
        self.table.setFocus()

    def _right(self) -> QVBoxLayout:
        self.language_box = ChoiceBox()
        self.language_box.activated.connect(self._on_language)
        self.subject = label(wrap=True)
        self.subject.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._receiver = label("quiet", wrap=True)
        self.body = QPlainTextEdit()
        self.body.setReadOnly(True)
        self.body.setTabChangesFocus(True)
        form = QFormLayout()
        form.setSpacing(8)
        for caption, field in (
            (tr("Language of the family"), self.language_box),
            (tr("E-mail", ""), self._receiver),
            (tr("Subject", "of a message"), self.subject),
        ):
            field.setAccessibleName(caption)
            form.addRow(caption, field)
        self.body.setAccessibleName(tr("Message"))
        self.copy_button = Button("plain").with_text("Copy").on_click(self.copy)
        self.mail_button = Button("primary").with_text("Open in the mail program").on_click(self.open_mail)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.copy_button)
        buttons.addWidget(self.mail_button)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addLayout(form)
        right.addWidget(self.body, 1)
        right.addLayout(buttons)
        return right

    def _bottom(self) -> QHBoxLayout:
        self.edit_button = Button("quiet").with_text("Edit the texts…").on_click(self.edit_texts)
        self.copy_all_button = Button("plain").with_text("Copy all", "messages").on_click(self.copy_all)
        close = Button("plain").with_text("Close").on_click(self.reject)
        self._said = label("quiet")
        row = QHBoxLayout()
        row.addWidget(self.edit_button)
        row.addWidget(self._said, 1)
        row.addWidget(self.copy_all_button)
        row.addWidget(close)
        return row

    # -- showing

    def _show_texts(self, texts: SchoolTexts) -> None:
        """Write the messages anew, with other texts or languages; who is chosen stays chosen."""
        chosen = self.message
        self._texts = texts
        try:
            self._model.show_rows(self._about.make(texts))
        except KnownError as error:
            self.message_bar.show_error(error)
        row = self._model.row_of(chosen.student.id) if chosen else 0
        if self._model.rowCount():
            self.table.selectRow(max(row, 0))
        self._show()

    @property
    def message(self) -> ParentMessage | None:
        """The message of the chosen student."""
        row = self.table.currentIndex().row()
        return self._model.rows[row] if 0 <= row < self._model.rowCount() else None

    @property
    def messages(self) -> tuple[ParentMessage, ...]:
        """All messages, in the order of the list."""
        return tuple(self._model.rows)

    def _on_row(self, _current: QModelIndex, _previous: QModelIndex) -> None:
        self.message_bar.clear()
        self._said.setText("")
        self._show()

    def _show(self) -> None:
        message = self.message
        for part in (self.language_box, self.copy_button, self.copy_all_button):
            part.setEnabled(message is not None)
        self.mail_button.setEnabled(message is not None and bool(message.student.email))
        self.language_box.clear()
        if message is None:
            self.body.setPlainText(tr("Nobody is concerned: there is no message to write."))
            return
        for language in self._texts.by_language:
            self.language_box.addItem(language_words(language), language)
        self.language_box.setCurrentIndex(self.language_box.findData(message.language))
        self.subject.setText(message.subject)
        self.body.setPlainText(message.body)
        self._receiver.setText(message.student.email or tr("none on record: copy the message"))

    # -- what the user does

    def copy(self) -> None:
        """Copy the chosen message."""
        if (message := self.message) is not None:
            QGuiApplication.clipboard().setText(message.whole)
            self._said.setText(tr("Copied: {name}").format(name=message.student.name))

    def copy_all(self) -> None:
        """Copy every message, each under the student's name and e-mail."""
        texts = (f"{_receiver(message)}\n{message.whole}" for message in self.messages)
        QGuiApplication.clipboard().setText("\n---\n".join(texts))
        self._said.setText(tr("%n message(s) copied", "", len(self.messages)))

    def open_mail(self) -> None:
        """Hand the chosen message to the mail program; one that it would cut off is refused in words."""
        if (message := self.message) is None:
            return
        self.message_bar.clear()
        try:
            link = mail_link(message)
        except KnownError as error:
            self.message_bar.show_error(error)
            return
        if link is None:
            return
        # Strictly: the link is percent-encoded already, and Qt must not guess what was meant.
        if not QDesktopServices.openUrl(QUrl(link, QUrl.ParsingMode.StrictMode)):
            self._said.setText(tr("No mail program answered: copy the message instead."))

    def _on_language(self, place: int) -> None:
        message = self.message
        if message is None:
            return
        student_id, language = message.student.id, self.language_box.itemData(place)
        self._context.act(
            lambda tx: set_family_language(tx, student_id, language),
            then=lambda key: self._show_texts(replace(self._texts, families={**self._texts.families, student_id: key})),
            failed=self.message_bar.show_error,
        )

    def edit_texts(self) -> None:
        """Edit the school's texts, beginning with the one of the chosen student's family."""
        message = self.message
        dialog = TextsDialog(
            self._context,
            self._about.kind,
            self._texts,
            language=message.language if message else self._texts.usual,
            example=self._example,
            parent=self,
        )
        dialog.saved.connect(lambda _result: self._read_texts())
        dialog.open()

    def _example(self, texts: SchoolTexts) -> ParentMessage | None:
        """Return the chosen student's message with other texts. Raises KnownError for a text that can't be used."""
        made = self._about.make(texts)
        chosen = self.message
        return next((one for one in made if chosen is not None and one.student.id == chosen.student.id), None)

    def _read_texts(self) -> None:
        store, kind, usual = self._context.store, self._about.kind, self._texts.usual
        self._context.run(
            lambda _job: school_texts(store, kind, usual),
            done=self._show_texts,
            failed=self.message_bar.show_error,
        )


def _columns() -> list[Column[ParentMessage]]:
    return [
        Column(header=lambda: tr("Student"), text=lambda message: message.student.name),
        Column(header=lambda: tr("Language"), text=lambda message: language_words(message.language)),
    ]


def _receiver(message: ParentMessage) -> str:
    return f"{message.student.name} <{message.student.email}>" if message.student.email else message.student.name

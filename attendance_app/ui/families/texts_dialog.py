"""The school's texts for messages of one kind: the text, the fields it may have, and what becomes of it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from attendance_app.domain.errors import KnownError
from attendance_app.domain.parent_messages import MessageKind, MessageText
from attendance_app.services.message_texts import DEFAULTS, checked_language, keep_text, remove_text
from attendance_app.services.parent_messages import FIELDS, ParentMessage, SchoolTexts, check_text
from attendance_app.store.unit import Transaction
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, ChoiceBox, label
from attendance_app.ui.dialogs import ActingDialog, Action
from attendance_app.ui.families.words import field_words, kind_words, language_words
from attendance_app.ui.i18n import tr

Example = Callable[[SchoolTexts], ParentMessage | None]
FIELD = Qt.ItemDataRole.UserRole


class TextsDialog(ActingDialog):
    """Keeps what is written in every language until it is saved, all of it in one transaction.

    ``example`` writes a student's message with other texts, None: there is nobody to show it with.
    """

    def __init__(
        self,
        context: AppContext,
        kind: MessageKind,
        texts: SchoolTexts,
        *,
        language: str,
        example: Example,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, tr("Texts for messages: {about}").format(about=kind_words(kind)), parent)
        self._kind, self._example = kind, example
        self._before = dict(texts.by_language)
        self._texts = dict(texts.by_language)
        self.setMinimumWidth(context.theme.px(760))
        self.language_box = ChoiceBox()
        self.new_field = QLineEdit()
        self.new_button = Button("plain").with_text("Add").on_click(lambda: self.add_language(self.new_field.text()))
        self.remove_button = Button("quiet").on_click(self.remove)
        self.subject, self.body = QLineEdit(), QPlainTextEdit()
        self.fields = QListWidget()
        self.preview = QPlainTextEdit()
        self.column.insertLayout(2, self._languages())
        self.column.insertLayout(3, self._middle(), 1)
        # All room is for the texts, none for the empty space over the buttons.
        self.column.setStretch(self.column.count() - 2, 0)
        self.set_primary(tr("Save"))
        self._fill_languages(language)
        self.language_box.currentIndexChanged.connect(self._show_text)
        self.subject.textChanged.connect(self._on_typed)
        self.body.textChanged.connect(self._on_typed)
        self.new_field.returnPressed.connect(lambda: self.add_language(self.new_field.text()))
        # Enter puts in a field or adds a language; it must not save at the same time.
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
            button.setDefault(False)
        self._show_text()
        self.body.setFocus()

    def _languages(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        caption = label()
        caption.setText(tr("Language"))
        caption.setBuddy(self.language_box)
        self.language_box.setAccessibleName(tr("Language"))
        self.language_box.setMinimumWidth(self.context.theme.px(180))
        self.new_field.setPlaceholderText(tr("Another language"))
        self.new_field.setAccessibleName(tr("Another language"))
        self.new_field.setMinimumWidth(self.context.theme.px(150))
        for part in (caption, self.language_box, self.remove_button):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.new_field)
        row.addWidget(self.new_button)
        return row

    def _middle(self) -> QHBoxLayout:
        px = self.context.theme.px
        form = QFormLayout()
        form.setSpacing(8)
        form.addRow(tr("Subject", "of a message"), self.subject)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addLayout(form)
        left.addWidget(self.body, 1)
        left.addWidget(self._caption(tr("Preview", "of a message")))
        left.addWidget(self.preview, 1)
        right.addWidget(self._caption(tr("Fields: Enter or a double click puts one in")))
        right.addWidget(self.fields, 1)
        self.subject.setAccessibleName(tr("Subject", "of a message"))
        for editor, name, height in (
            (self.body, tr("Message"), 140),
            (self.preview, tr("Preview", "of a message"), 96),
        ):
            editor.setAccessibleName(name)
            editor.setTabChangesFocus(True)
            editor.setMinimumHeight(px(height))
        self.preview.setReadOnly(True)
        self.fields.setAccessibleName(tr("Fields of the text"))
        self.fields.setMinimumWidth(px(300))
        self.fields.setSpacing(px(2))
        self.fields.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for field in FIELDS[self._kind]:
            item = QListWidgetItem(f"{{{field}}}  {field_words(field)}")
            item.setData(FIELD, field)
            item.setToolTip(item.text())
            self.fields.addItem(item)
        self.fields.itemActivated.connect(self._put_field)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addLayout(left, 3)
        middle.addLayout(right, 2)
        return middle

    def _caption(self, text: str) -> QWidget:
        words = label("quiet")
        words.setText(text)
        return words

    # -- showing

    @property
    def language(self) -> str:
        """What the language that is shown is kept under."""
        return str(self.language_box.currentData())

    def _fill_languages(self, chosen: str) -> None:
        self.language_box.blockSignals(True)
        self.language_box.clear()
        for language in self._texts:
            self.language_box.addItem(language_words(language), language)
        self.language_box.setCurrentIndex(max(0, self.language_box.findData(chosen)))
        self.language_box.blockSignals(False)

    def _show_text(self) -> None:
        text = self._texts[self.language]
        for editor in (self.subject, self.body):
            editor.blockSignals(True)
        self.subject.setText(text.subject)
        self.body.setPlainText(text.body)
        for editor in (self.subject, self.body):
            editor.blockSignals(False)
        self.remove_button.show_text(
            tr("Use the program's own text") if self.language in DEFAULTS[self._kind] else tr("Remove this language")
        )
        self._show_preview()

    def _on_typed(self) -> None:
        self._texts[self.language] = MessageText(self.subject.text(), self.body.toPlainText())
        self._show_preview()

    def _show_preview(self) -> None:
        """Write the message as it would be; a text that can't be used is refused in words, and not saved."""
        self.message_bar.clear()
        language = self.language
        self.remove_button.setVisible(self._texts[language] != DEFAULTS[self._kind].get(language))
        try:
            for one in (language, *self._texts):
                check_text(self._texts[one], self._kind)
            message = self._example(SchoolTexts({language: self._texts[language]}, language))
        except KnownError as error:
            self.message_bar.show_error(error)
            self.primary.setEnabled(False)
            self.preview.setPlainText("")
            return
        self.primary.setEnabled(self._texts != self._before)
        self.preview.setPlainText(tr("Nobody is concerned now.") if message is None else message.whole)

    # -- what the user does

    def _put_field(self, item: QListWidgetItem) -> None:
        self.body.insertPlainText(f"{{{item.data(FIELD)}}}")

    def add_language(self, name: str) -> None:
        """Begin a text in a language with a copy of the one that is shown; one that is there already is shown."""
        try:
            key = checked_language(name, self._texts)
        except KnownError as error:
            self.message_bar.show_error(error)
            return
        self._texts.setdefault(key, self._texts[self.language])
        self.new_field.clear()
        self._fill_languages(key)
        self._show_text()
        self.body.setFocus()

    def remove(self) -> None:
        """Take the program's own text again, or the language away; saved with the rest."""
        language, own = self.language, DEFAULTS[self._kind].get(self.language)
        if own is None:
            del self._texts[language]
            self._fill_languages("")
        else:
            self._texts[language] = own
        self._show_text()

    def action(self) -> Action:
        kind, before, after = self._kind, dict(self._before), dict(self._texts)

        def save(tx: Transaction) -> int:
            kept = tx.messages.texts(kind)
            changed = [language for language in {**before, **after} if before.get(language) != after.get(language)]
            for language in changed:
                text = after.get(language)
                if text is not None and text != DEFAULTS[kind].get(language):
                    keep_text(tx, kind, language, text)
                elif language in kept:
                    remove_text(tx, kind, language)
            return len(changed)

        return save

    def message(self, result: int) -> str:
        return tr("%n text(s) saved", "", result)

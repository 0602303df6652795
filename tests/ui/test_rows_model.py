"""The model of all tables and lists."""

from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QTableView

from attendance_app.ui.rows_model import FIRST_OWN_ROLE, ROW_ROLE, SORT_ROLE, Column, RowsModel


@dataclass(frozen=True)
class Fruit:
    id: int
    name: str
    note: str | None = None


APPLE, PEAR, PLUM = Fruit(1, "apple"), Fruit(2, "pear", note="soft"), Fruit(3, "plum")


@pytest.fixture
def model(qapp: QApplication) -> RowsModel[Fruit]:
    columns: list[Column[Fruit]] = [
        Column(
            header=lambda: "Name",
            header_tooltip=lambda: "What it is called",
            text=lambda fruit: fruit.name,
            spoken=lambda fruit: f"a {fruit.name}",
            alignment=Qt.AlignmentFlag.AlignCenter,
            sort_key=lambda fruit: fruit.id,
            roles={FIRST_OWN_ROLE: lambda fruit: len(fruit.name)},
        ),
        Column(
            text=lambda fruit: fruit.note or "",
            tooltip=lambda _fruit: "A note",
            colour=lambda _fruit: QColor("red"),
            edited_text=lambda fruit: fruit.note,
        ),
    ]
    names: Column[Fruit] = Column(text=lambda fruit: fruit.name.upper())
    made = RowsModel(columns, key=lambda fruit: fruit.id, row_header=names)
    tester = QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal)
    tester.setParent(made)
    made.reset([APPLE, PEAR])
    return made


@pytest.mark.parametrize(
    ("column", "role", "wanted"),
    [
        (0, Qt.ItemDataRole.DisplayRole, "pear"),
        (0, Qt.ItemDataRole.ToolTipRole, "pear"),
        (1, Qt.ItemDataRole.ToolTipRole, "A note"),
        (0, Qt.ItemDataRole.AccessibleTextRole, "a pear"),
        (1, Qt.ItemDataRole.AccessibleTextRole, None),
        (0, Qt.ItemDataRole.TextAlignmentRole, Qt.AlignmentFlag.AlignCenter),
        (1, Qt.ItemDataRole.ForegroundRole, QColor("red")),
        (0, Qt.ItemDataRole.ForegroundRole, None),
        (0, SORT_ROLE, 2),
        (0, FIRST_OWN_ROLE, 4),
        (1, FIRST_OWN_ROLE, None),
        (0, ROW_ROLE, PEAR),
        (1, ROW_ROLE, PEAR),
    ],
)
def test_a_column_answers_for_its_cells(model: RowsModel[Fruit], column: int, role: int, wanted: object) -> None:
    assert model.index(1, column).data(role) == wanted


def test_headers_have_words_tooltip_and_alignment(model: RowsModel[Fruit]) -> None:
    across = Qt.Orientation.Horizontal
    assert model.headerData(0, across) == "Name"
    assert model.headerData(0, across, Qt.ItemDataRole.ToolTipRole) == "What it is called"
    assert model.headerData(0, across, Qt.ItemDataRole.TextAlignmentRole) == Qt.AlignmentFlag.AlignCenter
    assert model.headerData(1, across) == ""
    assert model.headerData(1, Qt.Orientation.Vertical) == "PEAR"


def test_the_same_keys_keep_the_selection_and_others_do_not(model: RowsModel[Fruit]) -> None:
    view = QTableView()
    view.setModel(model)
    view.selectionModel().setCurrentIndex(model.index(1, 0), QItemSelectionModel.SelectionFlag.Select)
    model.show_rows([APPLE, replace(PEAR, name="Williams")])
    assert view.currentIndex().row() == 1
    assert view.currentIndex().data() == "Williams"
    model.show_rows([PEAR, APPLE])
    assert not view.currentIndex().isValid()
    view.deleteLater()


def test_a_put_row_replaces_its_key_or_comes_last(model: RowsModel[Fruit]) -> None:
    changed: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda top, bottom: changed.append((top.row(), bottom.row())))
    model.put(replace(APPLE, name="Boskop"))
    model.put(PLUM)
    assert [fruit.name for fruit in model.rows] == ["Boskop", "pear", "plum"]
    assert changed == [(0, 0)]
    assert model.row_of(3) == 2


def test_rows_are_found_by_key_after_a_removal(model: RowsModel[Fruit]) -> None:
    model.remove(1)
    model.remove(99)
    assert (model.row_of(1), model.get(1)) == (-1, None)
    assert (model.row_of(2), model.get(2)) == (0, PEAR)


def test_a_cell_with_a_text_to_edit_asks_for_a_change_and_makes_none(model: RowsModel[Fruit]) -> None:
    asked: list[tuple[Fruit, str]] = []
    model.edited.connect(lambda fruit, _column, text: asked.append((fruit, text)))
    assert not model.flags(model.index(0, 1)) & Qt.ItemFlag.ItemIsEditable, "there is no note"
    assert not model.setData(model.index(0, 1), "new")
    assert model.flags(model.index(1, 1)) & Qt.ItemFlag.ItemIsEditable
    assert model.index(1, 1).data(Qt.ItemDataRole.EditRole) == "soft"
    assert not model.setData(model.index(1, 1), " soft "), "nothing has changed"
    assert model.setData(model.index(1, 1), "hard")
    assert asked == [(PEAR, "hard")]
    assert model.rows[1] is PEAR


def test_new_columns_come_with_a_reset(model: RowsModel[Fruit]) -> None:
    model.reset([PLUM], [Column(header=lambda: "Only", text=lambda fruit: fruit.name)])
    assert (model.columnCount(), model.rowCount()) == (1, 1)
    assert model.index(0, 0).data() == "plum"


def test_refreshing_an_empty_table_reports_headers_only(model: RowsModel[Fruit]) -> None:
    model.reset(())
    data, headers = [], []
    model.dataChanged.connect(lambda *_what: data.append(1))
    model.headerDataChanged.connect(lambda _way, first, last: headers.append((first, last)))
    model.refresh()
    assert data == []
    assert headers == [(0, 1)]

"""Tables on standard output."""

import pytest

from attendance_app.cli.output import print_table


@pytest.mark.parametrize("rows", [1, 3])
def test_a_table_in_a_pipe_has_every_cell_whole_on_one_line(capsys, rows):
    address = "a.long.name@" + "department." * 12 + "example.org"
    print_table(["name", "e-mail"], [["García López, María del Carmen", address]] * rows)
    lines = [line for line in capsys.readouterr().out.splitlines() if address in line]
    assert len(lines) == rows
    assert all("García López, María del Carmen" in line for line in lines)

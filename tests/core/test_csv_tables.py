"""Tables that a spreadsheet opens execute nothing (CWE-1236)."""

import csv

import pytest

from portal.core.web.csv_tables import csv_lines, safe_cell


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "|", "%", *"＝＋－＠"])
@pytest.mark.parametrize("before", ["", " ", "\ufeff", "\u200b", "\u3000\u2060 ", "\x00", "\u00ad"])
def test_a_cell_that_begins_like_a_formula_is_text(before, sign):
    cell = f"{before}{sign}1+1"

    assert safe_cell(cell) == f"'{cell}"


@pytest.mark.parametrize(
    "cell", ["a=1", "a@b.example", "\ufeffa", "漢＝", "", " ", "\u200b", "1-2"]
)
def test_other_cells_stay_as_they_are(cell):
    assert safe_cell(cell) == cell


def test_numbers_stay_numbers():
    assert [safe_cell(number) for number in (-1, -0.5, None)] == ["-1", "-0.5", ""]


def test_a_table_is_read_back_as_it_was_written():
    rows = [["a,b", 'say "x"', "two\nlines"], ["漢", "", "\ufeff=1"]]

    lines = "".join(csv_lines(["1", "2", "3"], rows))

    assert list(csv.reader(lines.splitlines(keepends=True)))[1:] == [
        rows[0],
        ["漢", "", "'\ufeff=1"],
    ]

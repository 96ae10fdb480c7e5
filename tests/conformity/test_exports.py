"""Tables written out are read back as they were."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from ckanext.scdl.conformity.exports import export
from ckanext.scdl.conformity.standards import standard

BUDGET = standard("budget")
# a lone carriage return: quoted here on every Python, by csv.writer on the newer ones only
CELLS = st.text(st.sampled_from('ab ,;"\n\té0'), max_size=6)
ROWS = st.lists(st.lists(CELLS, min_size=len(BUDGET.fields), max_size=len(BUDGET.fields)))


@given(ROWS)
def test_a_csv_is_written_as_python_s_own_writer_does(rows):
    out, expected = io.StringIO(newline=""), io.StringIO(newline="")
    made = export("csv", out, BUDGET)
    made.rows(rows)
    made.close()
    writer = csv.writer(expected, lineterminator="\n")
    writer.writerows([BUDGET.field_names, *rows])
    assert out.getvalue() == expected.getvalue()

"""What people type is read once from its beginning to its end: no text holds up a worker.

A pattern that tries anew at each place would not end within the run.
"""

import pytest
from django.core.exceptions import ValidationError

from incidents.communication import variables
from incidents.oncall.hours import hours_of
from incidents.opening.forms import LevelsField

GAP = " " * 20_000


def test_a_variable_may_stand_in_much_space():
    text = f"{{{{{GAP}impact{GAP}}}}} ends"

    assert variables.used(text) == ["impact"]
    assert variables.filled(text, {"impact": "All"}) == "All ends"
    assert variables.parts(text, {}) == [("Impact", "param missing"), (" ends", "")]


@pytest.mark.parametrize("text", [f"{{{{{GAP}x", "{{" * 20_000, f"{{{{{GAP}}} x"])
def test_what_opens_a_variable_and_never_ends_it_is_refused(text):
    assert "stands alone" in variables.refusal_of_names(text)


def test_hours_and_severities_without_an_end_are_refused():
    for line in (f"Mon{GAP}18:00", f"Mon{GAP}-{GAP}x"):
        with pytest.raises(ValidationError, match="says no days and hours"):
            hours_of(line)
    with pytest.raises(ValidationError, match="write a word and a severity"):
        LevelsField().clean(f"critical{' ' * 1900}= x")

"""Callouts as rows of a table: what `js/annotate.js` draws, and what one types without it."""

from django import forms

from onboarding.pictures.callouts import KINDS, LONGEST_SELECTOR, LONGEST_TEXT, MOST, SIDES

BLUR = "blur"
LABELS = {"box": "Box", "arrow": "Arrow", "circle": "Circle", "highlight": "Highlight"}
SPARE = 3  # empty rows for those who have no script


def percent(label: str):
    step = {"min": 0, "max": 100, "step": "0.1", "inputmode": "decimal"}
    return forms.FloatField(
        label=label, min_value=0, max_value=100, widget=forms.NumberInput(attrs=step)
    )


class CalloutForm(forms.Form):
    """One mark; its place in percent of the picture."""

    kind = forms.ChoiceField(
        choices=[*((kind, LABELS[kind]) for kind in KINDS), (BLUR, "Blur")], initial="box"
    )
    text = forms.CharField(required=False, max_length=LONGEST_TEXT)
    x, y = percent("Left %"), percent("Top %")
    w, h = percent("Width %"), percent("Height %")
    selector = forms.CharField(
        required=False,
        max_length=LONGEST_SELECTOR,
        label="CSS selector",
        widget=forms.TextInput(attrs={"spellcheck": "false", "class": "mono"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("kind", "text", *SIDES, "selector"):
            self.fields[name].widget.attrs["aria-label"] = self.fields[name].label or name.title()

    def clean(self):
        typed = super().clean()
        if not self.errors and not (typed["w"] and typed["h"]):
            raise forms.ValidationError("Give it a width and a height.")
        if not self.errors and max(typed["x"] + typed["w"], typed["y"] + typed["h"]) > 100.5:
            raise forms.ValidationError("It ends outside the picture.")
        return typed


class Callouts(
    forms.formset_factory(  # type: ignore[misc]
        CalloutForm, extra=SPARE, can_delete=True, can_order=True, max_num=MOST, validate_max=True
    )
):
    """The rows; `callouts` and `blurs` are what a step stores and what is burnt in."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["ORDER"].widget.attrs["aria-label"] = "Number"
        form.fields["DELETE"].widget.attrs["aria-label"] = "Remove"

    @property
    def callouts(self) -> list[dict]:
        rows = [form.cleaned_data for form in self.ordered_forms]
        return [_callout(row) for row in rows if row["kind"] != BLUR]

    @property
    def blurs(self) -> list[dict]:
        rows = [form.cleaned_data for form in self.ordered_forms]
        return [_place(row) for row in rows if row["kind"] == BLUR]

    @property
    def kept(self) -> list[dict]:
        """What is typed well so far, for a preview."""
        well = [form.cleaned_data for form in self.forms if form.is_valid() and form.has_changed()]
        rows = [row for row in well if not row.get("DELETE")]
        rows.sort(key=lambda row: row.get("ORDER") or MOST)
        return [_callout(row) for row in rows if row["kind"] != BLUR]


def as_rows(callouts: list[dict]) -> list[dict]:
    """The initial values of the rows."""
    return [{**each, **each["box"]} for each in callouts]


def _callout(row: dict) -> dict:
    return {"kind": row["kind"], "text": row["text"], **_place(row)}


def _place(row: dict) -> dict:
    return {"box": {side: row[side] for side in SIDES}, "selector": row["selector"]}

"""Where the picture of a step is taken, as fields of a form; clicks are lines.

Each line is one of `click SELECTOR`, `right-click SELECTOR`, `middle-click SELECTOR`,
`fill SELECTOR => TEXT`, `press KEY`, `press SELECTOR => KEY` and `wait SELECTOR`.
"""

from django import forms

from onboarding.pictures.pages import DEFAULTS, DOES, LONGEST, MOST_HIDDEN, THEMES, validate_page
from portal.accounts.roles import ROLES

ARROW = " => "


def line_of(click: dict) -> str:
    parts = [part for part in (click.get("selector", ""), click.get("value", "")) if part]
    return f"{click['do']} {ARROW.join(parts)}"


def click_of(line: str, number: int) -> dict:
    """Raises ValidationError that names the line."""
    do, _, rest = line.partition(" ")
    if do not in DOES:
        raise forms.ValidationError(f"Line {number} begins with one of {', '.join(DOES)}.")
    selector, arrow, value = (part.strip() for part in rest.partition(ARROW))
    if do == "press" and not arrow:
        selector, value = "", selector
    if do == "fill" and not (selector and arrow):
        raise forms.ValidationError(f"Line {number}: write “fill SELECTOR => TEXT”.")
    if not (selector or value):
        raise forms.ValidationError(f"Line {number}: say what to {do}, as a CSS selector.")
    return {"do": do, "selector": selector, "value": value}


class ClicksField(forms.CharField):
    widget = forms.Textarea(attrs={"rows": 4, "class": "mono", "spellcheck": "false"})

    def prepare_value(self, value):
        return value if isinstance(value, str) or value is None else "\n".join(map(line_of, value))

    def clean(self, value) -> list[dict]:
        lines = super().clean(value).splitlines()
        numbered = [(line.strip(), number) for number, line in enumerate(lines, 1)]
        return [click_of(line, number) for line, number in numbered if line]


class LinesField(forms.CharField):
    widget = forms.Textarea(attrs={"rows": 2, "class": "mono", "spellcheck": "false"})

    def prepare_value(self, value):
        return value if isinstance(value, str) or value is None else "\n".join(value)

    def clean(self, value) -> list[str]:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class PageFields(forms.Form):
    """The recipe of a picture; `page` of the cleaned data is what a step stores.

    Nobody lets the camera look as a role above their own: the picture would show it to them.
    """

    address = forms.CharField(
        required=False, max_length=LONGEST, help_text="Such as /runbooks/, or the whole address."
    )
    role = forms.ChoiceField(
        required=False,
        label="Signed in as",
        choices=[*((role, role.capitalize()) for role in ROLES), ("", "Nobody")],
        initial=DEFAULTS["role"],
    )
    width = forms.IntegerField(required=False, initial=DEFAULTS["width"])
    height = forms.IntegerField(required=False, initial=DEFAULTS["height"])
    theme = forms.ChoiceField(
        required=False, choices=[(theme, theme.capitalize()) for theme in THEMES]
    )
    clicks = ClicksField(
        required=False,
        label="Clicks to get there",
        help_text="One a line: click #menu, right-click #row, fill #q => disk, press Enter, "
        "wait .hits",
    )
    hide = LinesField(
        required=False,
        label="What to cover",
        help_text=f"A CSS selector a line, at most {MOST_HIDDEN}: never in the picture.",
    )

    def __init__(self, *args, by=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by

    def clean(self):
        typed = super().clean()
        if self.errors:
            return typed
        names = ("width", "height", "theme")
        rest = {name: typed[name] or DEFAULTS[name] for name in names}
        page = {"address": typed["address"], "role": typed["role"], "clicks": typed["clicks"]}
        page |= {"hide": typed["hide"]} if typed["hide"] else {}
        typed["page"] = {**page, **rest} if typed["address"] else {}
        if self._is_above(typed["role"]) and _told(typed["page"]) != _told(self.initial):
            self.add_error("role", "Only somebody of this role may have its pages looked at.")
        if typed["clicks"] and not typed["address"]:
            self.add_error("address", "Clicks need an address to begin at.")
        validate_page(typed["page"])
        return typed

    def _is_above(self, role: str) -> bool:
        own = self.by.role if self.by else ""
        return bool(role) and ROLES.index(role) > (ROLES.index(own) if own else -1)


def _told(page: dict) -> dict:
    """A recipe so that two can be compared."""
    whole = {"hide": [], **DEFAULTS, **page}
    return {**whole, "clicks": list(map(line_of, whole["clicks"]))}

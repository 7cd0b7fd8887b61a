"""What the forms of the admin send, as a browser without a script would."""

from html.parser import HTMLParser

from django.urls import reverse


class Fields(HTMLParser):
    """The fields of the form with this id (None: those without one), with what stands in them."""

    def __init__(self, form: str | None):
        super().__init__()
        self.form, self.inside, self.found, self.open = form, False, {}, None

    def handle_starttag(self, tag, attributes):
        known = dict(attributes)
        if tag == "form":
            self.inside = known.get("id") == self.form
        if not self.inside:
            return
        name = known.get("name")
        if tag == "input" and known.get("type") in ("checkbox", "radio"):
            if "checked" in known:
                self.found.setdefault(name, []).append(known.get("value", "on"))
        elif tag == "input" and known.get("type") not in ("file", "submit"):
            self.found.setdefault(name, []).append(known.get("value", ""))
        elif tag in ("select", "textarea"):
            self.open = name
            if tag == "textarea":
                self.found[name] = [""]
        elif tag == "option" and self.open and "selected" in known:
            self.found.setdefault(self.open, []).append(known.get("value", ""))
        elif tag == "template":
            self.inside = False

    def handle_endtag(self, tag):
        if tag in ("select", "textarea"):
            self.open = None
        elif tag == "template":
            self.inside = True
        elif tag == "form":
            self.inside = False

    def handle_data(self, data):
        if self.inside and self.open and self.open in self.found and self.lasttag == "textarea":
            self.found[self.open][0] += data


def fields_of(response, form: str | None) -> dict[str, list[str]]:
    """What a browser would send if one pressed its button now."""
    parser = Fields(form)
    parser.feed(response.content.decode())
    return {
        name: [value.removeprefix("\n") for value in values]
        for name, values in parser.found.items()
        if name and "__prefix__" not in name
    }


def step_page(step) -> str:
    return reverse("admin:onboarding_step_change", args=[step.pk])


def new_step_page(guide) -> str:
    return f"{reverse('admin:onboarding_step_add')}?guide={guide.pk}"


def guide_page(guide, name: str = "change") -> str:
    return reverse(f"admin:onboarding_guide_{name}", args=[guide.pk])


def callout(number: int, **typed) -> dict:
    """One row of the table of callouts."""
    values = {"kind": "box", "text": "", "x": 10, "y": 10, "w": 20, "h": 10, "selector": ""}
    values |= {"ORDER": number + 1, **typed}
    return {f"callouts-{number}-{name}": value for name, value in values.items()}

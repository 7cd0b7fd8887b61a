"""Two people saved on top of the same version: both texts, and one made of the two."""

from dataclasses import dataclass

from django.template.response import TemplateResponse

from portal.core.comparing import Choice, Merge, merge
from runbooks.forms import with_endings_of
from runbooks.models import Runbook, Version

from .forms import version_numbered

CHOICES = ("theirs", "yours", "both")
# Fields that the page has itself; all others are carried along unseen, so that none is lost.
OWN = {"text", "note", "based_on", "base", "yours", "offered", "csrfmiddlewaretoken"}


@dataclass
class Conflict:
    """What the page shows. `offered` is the merge as first shown, `text` what is in the editor."""

    runbook: Runbook
    base: Version | None
    theirs: Version
    merge: Merge
    choices: dict[int, Choice]
    text: str

    @classmethod
    def found(cls, stale) -> "Conflict":
        """From the refusal of a stale save."""
        merged = merge(stale.base.text if stale.base else "", stale.theirs.text, stale.yours)
        return cls(stale.runbook, stale.base, stale.theirs, merged, {}, merged.merged_text)

    @classmethod
    def chosen(cls, runbook, data) -> "Conflict | None":
        """From the page itself, after somebody chose; None if its versions do not exist."""
        theirs = version_numbered(runbook, data.get("based_on", ""))
        base = version_numbered(runbook, data.get("base", ""))
        if theirs is None:
            return None
        typed = {
            name: with_endings_of(data.get(name, ""), theirs.text) for name in ("yours", "text")
        }
        merged = merge(base.text if base else "", theirs.text, typed["yours"])
        choices = _choices(merged, data)
        offered = with_endings_of(data.get("offered", ""), theirs.text)
        # What was typed into the merged text wins over the choices.
        text = merge(offered, typed["text"], merged.resolve(choices)).merged_text
        return cls(runbook, base, theirs, merged, choices, text)

    @property
    def offered(self) -> str:
        return self.merge.resolve(self.choices)

    @property
    def questions(self) -> list:
        """Each conflict with the choice that is marked."""
        return [(found, self.choices.get(found.number, "theirs")) for found in self.merge.conflicts]


def page(admin, request, conflict: Conflict) -> TemplateResponse:
    """Both texts and the merge, with everything else that was typed; status 409."""
    context = {
        **admin.admin_site.each_context(request),
        "title": f"{conflict.theirs.author_name or 'Someone'} saved v{conflict.theirs.number} "
        "while you were writing",
        "opts": admin.opts,
        "original": conflict.runbook,
        "conflict": conflict,
        "note": request.POST.get("note", ""),
        "carried": list(_carried(request.POST)),
        "media": admin.media,
    }
    template = "admin/runbooks/runbook/conflict.html"
    return TemplateResponse(request, template, context, status=409)


def _carried(data):
    for name, values in data.lists():
        if name not in OWN and not name.startswith(("_", "choice-")):
            yield from ((name, value) for value in values)


def _choices(merged: Merge, data) -> dict[int, Choice]:
    numbers = [found.number for found in merged.conflicts]
    picked = {number: data.get(f"choice-{number}", "") for number in numbers}
    return {number: word for number, word in picked.items() if word in CHOICES}

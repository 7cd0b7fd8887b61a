"""The page of the admin for two people who saved on top of the same version."""

from django.template.response import TemplateResponse

from runbooks.documents.merge import PICKED, Conflict

# Fields that the page has itself; all others are carried along unseen, so that none is lost.
OWN = {"text", "note", "based_on", "started_from", "yours", "offered", "csrfmiddlewaretoken"}


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
        if name not in OWN and not name.startswith(("_", PICKED)):
            yield from ((name, value) for value in values)

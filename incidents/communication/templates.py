"""The pages of templates, and of the audiences that messages go to."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from incidents.models import Audience, AudienceName, CommunicationTemplate, Moment
from portal.core.problems import DomainError

from .forms import AudienceForm, ChangeTemplateForm, TemplateForm
from .variables import NO_PREDICTION, VARIABLES

CHANGE = "incidents.change_communicationtemplate"
may_read = permission_required("incidents.view_communicationtemplate", raise_exception=True)
may_add = permission_required("incidents.add_communicationtemplate", raise_exception=True)
may_see_audiences = permission_required("incidents.view_audience", raise_exception=True)
ABOUT = {"variables": VARIABLES.values(), "no_prediction": NO_PREDICTION}


@require_safe
@may_read
def templates(request):
    """All of them, by audience and moment."""
    rows = [*CommunicationTemplate.objects.visible(request.user)]
    groups = [(each.label, _of_audience(rows, each)) for each in AudienceName]
    context = {"groups": [group for group in groups if group[1]], **ABOUT}
    return render(request, "incidents/communication_templates.html", context)


def _of_audience(rows: list[CommunicationTemplate], audience: str) -> list[CommunicationTemplate]:
    """In the order in which they are sent."""
    found = [each for each in rows if each.audience == audience]
    return sorted(found, key=lambda each: Moment.values.index(each.moment))


@require_http_methods(["GET", "HEAD", "POST"])
@may_read
def template(request, slug: str):
    """One template; who may edit it types here."""
    found = get_object_or_404(CommunicationTemplate.objects.visible(request.user), slug=slug)
    form = ChangeTemplateForm(request.POST or None, template=found)
    if request.method == "POST":
        if not request.user.has_perm(CHANGE):
            raise Http404
        if form.is_valid() and _changed(found, form, request.user):
            messages.success(request, "Template saved.")
            return redirect(found)
    context = {"template": found, "form": form, "title": str(found), **ABOUT}
    status = 400 if form.errors else 200
    return render(request, "incidents/communication_template.html", context, status=status)


def _changed(found: CommunicationTemplate, form: ChangeTemplateForm, user) -> bool:
    try:
        found.change(form.changes, by=user, based_on=form.cleaned_data["revision"])
    except (DomainError, ValidationError) as error:
        form.refuse(error)
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@may_add
def new(request):
    form = TemplateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = CommunicationTemplate.objects.add(by=request.user, **form.cleaned_data)
        except (DomainError, ValidationError) as error:
            form.refuse(error)
        else:
            messages.success(request, "Template created.")
            return redirect(made)
    status = 400 if form.errors else 200
    context = {"form": form, "title": "New template", **ABOUT}
    return render(request, "incidents/communication_template.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@may_see_audiences
def audiences(request):
    """To whom messages go; operators change one at a time."""
    rows = list(Audience.objects.visible(request.user).loaded())
    sent = request.POST.get("audience", "") if request.method == "POST" else ""
    forms = [
        (row, AudienceForm(request.POST if row.name == sent else None, audience=row))
        for row in rows
    ]
    for row, form in forms:
        if row.name == sent and _audience_changed(row, form, request.user):
            messages.success(request, f"{row}: saved.")
            return redirect("incidents:audiences")
    status = 400 if sent else 200
    return render(request, "incidents/audiences.html", {"forms": forms}, status=status)


def _audience_changed(row: Audience, form: AudienceForm, user) -> bool:
    if not user.has_perm("incidents.change_audience"):
        raise Http404
    if not form.is_valid():
        return False
    try:
        row.change(form.changes, by=user, based_on=form.cleaned_data["revision"])
    except (DomainError, ValidationError) as error:
        form.refuse(error)
        return False
    return True

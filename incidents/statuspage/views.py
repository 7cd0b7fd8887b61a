"""The status page as colleagues see it, and the components on it."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from incidents.models import Component
from portal.core.data import clock
from portal.core.problems import DomainError
from portal.core.web.refusals import verb

from .forms import ComponentForm
from .page import StatusPage

may_read = permission_required("incidents.view_incident", raise_exception=True)
may_add = permission_required("incidents.add_component", raise_exception=True)
may_change = permission_required("incidents.change_component", raise_exception=True)


@require_safe
@may_read
def page(request):
    """All components and open incidents, by their internal names."""
    found = StatusPage(clock.now(), public=False)
    context = {"page": found, "is_public": settings.PUBLIC_STATUS}
    return render(request, "incidents/status.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may_add
def new(request):
    form = ComponentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            Component.objects.add(by=request.user, **form.about)
        except (DomainError, ValidationError) as error:
            form.refuse(error)
        else:
            messages.success(request, "Component added.")
            return redirect("status:page")
    status = 400 if form.errors else 200
    return render(request, "incidents/component.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
def edit(request, pk: int):
    found = get_object_or_404(Component.objects.visible(request.user), pk=pk)
    form = ComponentForm(request.POST or None, component=found)
    if request.method == "POST" and form.is_valid():
        try:
            found.change(form.about, by=request.user, based_on=form.cleaned_data["revision"])
        except (DomainError, ValidationError) as error:
            form.refuse(error)
        else:
            messages.success(request, "Component saved.")
            return redirect("status:page")
    status = 400 if form.errors else 200
    context = {"form": form, "component": found}
    return render(request, "incidents/component.html", context, status=status)


def at_component(pk: int) -> str:
    return reverse("status:edit-component", args=[pk])


@verb("incidents.delete_component", page=at_component)
def remove(request, pk: int):
    """Take it off the page; the service stays."""
    found = get_object_or_404(Component.objects.visible(request.user), pk=pk)
    found.remove(by=request.user)
    messages.success(request, f"“{found}” is no longer on the status page.")
    return redirect("status:page")

"""The buttons of a guide: order, publish, archive, take back; each is a verb of its model."""

from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.http import require_POST

from onboarding.guides.difference import changes
from onboarding.guides.publishing import drafted, unready
from onboarding.models import Guide
from onboarding.problems import StaleGuide
from portal.core.markdown import MarkdownError
from portal.core.problems import DomainError, Refused

CHANGE, PUBLISH = "onboarding.change_guide", "onboarding.publish_guide"
DONE = {"archive": "It is archived.", "unarchive": "It is back in the lists."}


def number_in(data, name: str) -> int:
    """A whole number as a browser sends it; 0 if it is none."""
    text = data.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class Verbs(admin.ModelAdmin):
    """The addresses of the buttons, for GuideAdmin."""

    def get_urls(self):
        guarded = self.admin_site.admin_view
        verbs = {
            "reorder": self.reorder_view,
            "move": self.move_view,
            "archive": self.archive_view,
            "unarchive": self.unarchive_view,
            "remove": self.remove_view,
        }
        return [
            *(
                path(
                    f"<int:pk>/{name}/",
                    guarded(require_POST(view)),
                    name=f"onboarding_guide_{name}",
                )
                for name, view in verbs.items()
            ),
            path("<int:pk>/publish/", guarded(self.publish_view), name="onboarding_guide_publish"),
            *super().get_urls(),
        ]

    # Order

    def reorder_view(self, request, pk):
        """All steps by their keys, in the order that they should have."""
        guide = self.found(request, pk, CHANGE)
        return self._put(request, guide, request.POST.getlist("key"))

    def move_view(self, request, pk):
        """One step one place up or down: the buttons that need no script."""
        guide = self.found(request, pk, CHANGE)
        keys = [str(key) for key in guide.steps.values_list("key", flat=True)]
        key = request.POST.get("step", "")
        if key not in keys:
            return self._refused(request, guide, "That step was removed meanwhile.", 409)
        place = keys.index(key)
        keys.insert(max(place + (-1 if "up" in request.POST else 1), 0), keys.pop(place))
        return self._put(request, guide, keys)

    def _put(self, request, guide, keys):
        try:
            guide.reorder(keys, by=request.user, based_on=number_in(request.POST, "based_on"))
        except StaleGuide as stale:
            return self._stale_order(request, stale.theirs, keys)
        except Refused as refusal:
            return self._refused(request, guide, refusal.detail, 400)
        self.log_change(request, guide, "Put its steps in another order.")
        if _wants_json(request):
            return JsonResponse({"revision": guide.revision})
        messages.success(request, "The steps are in their new order.")
        return self.back_to(guide.pk)

    def _stale_order(self, request, guide, keys):
        """The order as it is, the one that was wanted, and a button that applies it anyway."""
        now = {str(step.key): step for step in guide.steps.all()}
        wanted = [now[key] for key in dict.fromkeys(keys) if key in now]
        wanted += [step for step in now.values() if step not in wanted]
        context = {
            **self.admin_site.each_context(request),
            "title": "The steps were changed while you moved one",
            "opts": self.opts,
            "original": guide,
            "now": list(now.values()),
            "wanted": wanted,
        }
        if _wants_json(request):
            html = render_to_string("admin/onboarding/guide/_orders.html", context, request)
            body = {"detail": context["title"], "revision": guide.revision, "html": html}
            body["order"], body["wanted"] = list(now), [str(step.key) for step in wanted]
            return JsonResponse(body, status=409)
        template = "admin/onboarding/guide/orders.html"
        return TemplateResponse(request, template, context, status=409)

    # Publish, archive

    def publish_view(self, request, pk):
        """What publishing would change, and the button; a POST publishes."""
        guide = self.found(request, pk, PUBLISH)
        if request.method != "POST":
            return self._publish_page(request, guide)
        note = request.POST.get("note", "").strip()[:300]
        try:
            based_on = number_in(request.POST, "based_on")
            version = guide.publish(by=request.user, note=note, based_on=based_on)
        except StaleGuide as stale:
            return self._published_already(request, stale.theirs)
        except (DomainError, MarkdownError) as refusal:
            return self._publish_page(request, guide, str(refusal), getattr(refusal, "status", 400))
        self.log_change(request, guide, f"Published v{version.number}.")
        said = f"Published v{version.number}: it is what people who begin now follow."
        messages.success(request, said)
        return self.back_to(pk)

    def _published_already(self, request, guide):
        """A second click changes nothing; other changes are shown before they are published."""
        guide = Guide.objects.select_related("published").get(pk=guide.pk)
        if not guide.has_changes:
            messages.info(request, f"It is published already, as v{guide.head}.")
            return self.back_to(guide.pk)
        said = "Somebody changed it meanwhile. Look at what would be published now."
        return self._publish_page(request, guide, said, 409)

    def _publish_page(self, request, guide, refusal: str = "", status: int = 200):
        guide = Guide.objects.select_related("published").get(pk=guide.pk)
        content = drafted(guide, rendering=False)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Publish v{guide.head + 1}",
            "subtitle": str(guide),
            "opts": self.opts,
            "original": guide,
            "refusal": refusal,
            "missing": [each.detail for each in unready(content)],
            "changes": changes(guide.published and guide.published.content, content),
            "note": request.POST.get("note", ""),
        }
        return TemplateResponse(
            request, "admin/onboarding/guide/publish.html", context, status=status
        )

    def archive_view(self, request, pk):
        return self._act(request, pk, "archive")

    def unarchive_view(self, request, pk):
        return self._act(request, pk, "unarchive")

    def _act(self, request, pk, name):
        guide = self.found(request, pk, PUBLISH)
        getattr(guide, name)(by=request.user)
        self.log_change(request, guide, DONE[name])
        messages.success(request, DONE[name])
        return self.back_to(pk)

    def remove_view(self, request, pk):
        """Take a step out; versions that were published keep it."""
        guide = self.found(request, pk, "onboarding.delete_step")
        step = guide.steps.filter(key=_key(request.POST.get("step", ""))).first()
        if step is None:
            return self._refused(request, guide, "That step was removed already.", 409)
        try:
            step.remove(by=request.user, based_on=number_in(request.POST, "based_on"))
        except StaleGuide:
            said = "Somebody changed the guide meanwhile. Look at it, then remove the step again."
            return self._refused(request, guide, said, 409)
        self.log_change(request, guide, f"Removed the step “{step.title}”.")
        messages.success(request, f"The step “{step.title}” is removed.")
        return self.back_to(pk)

    # Shared

    def found(self, request, pk, permission: str) -> Guide:
        if not request.user.has_perm(permission):
            raise PermissionDenied
        guide = self.get_object(request, str(pk))
        if guide is None:
            raise Http404
        return guide

    def _refused(self, request, guide, detail: str, status: int):
        """Said on the page of the guide as it is now."""
        if _wants_json(request):
            return JsonResponse({"detail": detail}, status=status)
        messages.error(request, detail)
        request.method, request.POST = "GET", {}
        response = self.changeform_view(request, str(guide.pk))
        response.status_code = status
        return response


def _wants_json(request) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

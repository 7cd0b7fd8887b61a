"""The page on which one step is written: its words, its picture with callouts, its page."""

from uuid import uuid4

from django.contrib import admin, messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, path, reverse
from django.views.decorators.http import require_POST

from onboarding.guides.preview import shown
from onboarding.models import Guide, Screenshot, Step
from onboarding.pictures.callout_forms import Callouts
from onboarding.problems import StaleGuide, WrongState
from portal.core.problems import DomainError
from portal.core.web.narrow import Narrow

from .filters import Questions
from .step_forms import WORDS, StepForms, digest
from .verbs import number_in

DAY = 24 * 3600
STILL_READABLE = (
    "A published version shows the picture without the blur, and goes on to show it to those who "
    "follow or look up that version. Change what is secret in it."
)
REMOVED = (
    "Somebody removed this step while you were writing. What you typed is below: "
    "save it as a new step."
)


class PictureFilter(Questions):
    title = "picture"
    parameter_name = "picture"
    asks = {
        "flagged": ("Flagged", lambda rows, user: rows.exclude(flag="")),
        "undescribed": ("Not described", lambda rows, user: rows.filter(screenshot__alt="")),
        "none": ("None", lambda rows, user: rows.filter(screenshot=None)),
    }


@admin.register(Step)
class StepAdmin(Narrow, admin.ModelAdmin):
    list_display = ("title", "guide", "position", "flag")
    list_filter = (PictureFilter,)
    list_select_related = ("guide",)
    list_per_page = 50
    search_fields = ("title", "guide__title")
    ordering = ("guide__title", "position", "pk")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        preview = self.admin_site.admin_view(require_POST(self.preview_view))
        own = path("preview/", preview, name="onboarding_step_preview")
        return [own, *super().get_urls()]

    def get_model_perms(self, request):
        return {**super().get_model_perms(request), "add": False}  # a step is added to a guide

    def changelist_view(self, request, extra_context=None):
        extra = {**(extra_context or {}), "has_add_permission": False}
        return super().changelist_view(request, extra)

    # The page

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        step = self.get_object(request, object_id) if object_id else None
        if not (step or number_in(request.POST, "guide") or number_in(request.GET, "guide")):
            return self._choose_guide(request, object_id)
        guide = step.guide if step else self._guide(request)
        self._allow(request, step)
        if step is None and object_id:
            return self._removed(request, guide)
        return self._save_or_show(request, guide, step)

    def _choose_guide(self, request, object_id):
        gone = "That step was removed." if object_id else "Choose a guide, then add a step there."
        messages.info(request, gone)
        return HttpResponseRedirect(reverse("admin:onboarding_guide_changelist"))

    def _guide(self, request) -> Guide:
        """The guide that a new step is for."""
        key = number_in(request.POST, "guide") or number_in(request.GET, "guide")
        guide = Guide.objects.filter(pk=key).first()
        if guide is None:
            raise Http404
        return guide

    def _allow(self, request, step) -> None:
        may = (
            self.has_change_permission(request, step) if step else self.has_add_permission(request)
        )
        if not may:
            raise PermissionDenied

    def _save_or_show(self, request, guide, step):
        row = step or Step(guide=guide)
        if request.method != "POST":
            return self._page(request, guide, step, StepForms(row, guide=guide, by=request.user))
        forms = StepForms(row, guide=guide, by=request.user, data=request.POST, files=request.FILES)
        if not forms.is_valid():
            return self._page(request, guide, step, forms)
        once = f"step-added-{forms.about.cleaned_data['once']}"
        if step is None and not cache.add(once, True, DAY):
            messages.info(request, "This step was saved already: it is in the list.")
            return self._to_guide(guide.pk)
        try:
            step = self._write(request, guide, step, forms)
        except StaleGuide:
            return self._conflict(request, guide, step)
        except WrongState:
            return self._removed(request, guide)
        except DomainError as refusal:
            forms.about.add_error(None, refusal.detail)
            return self._page(request, guide, step, forms, status=refusal.status)
        except ValidationError as refusal:
            forms.about.add_error(None, refusal.messages)
            return self._page(request, guide, step, forms)
        messages.success(request, f"Step {step.position}, “{step.title}”, is saved.")
        return self._next(request, step)

    def _write(self, request, guide, step, forms) -> Step:
        typed = forms.about.cleaned_data
        if step is None:
            step = Step.objects.compose(guide, by=request.user, **forms.fields)
            self.log_addition(request, step, "Added.")
            return step
        based_on = typed["based_on"]
        if typed["seen"] == digest(step):  # others changed other steps only
            based_on = guide.revision
        before = step.screenshot_id
        step.write(by=request.user, based_on=based_on, **forms.fields)
        if forms.callouts.blurs and Screenshot.objects.filter(pk=before).exists():
            messages.warning(request, STILL_READABLE)
        self.log_change(request, step, "Changed.")
        return step

    def _next(self, request, step):
        if "_addanother" in request.POST:
            address = f"{reverse('admin:onboarding_step_add')}?guide={step.guide_id}"
        elif "_continue" in request.POST:
            address = reverse("admin:onboarding_step_change", args=[step.pk])
        else:
            return self._to_guide(step.guide_id)
        return HttpResponseRedirect(address)

    def _to_guide(self, pk):
        return HttpResponseRedirect(reverse("admin:onboarding_guide_change", args=[pk]))

    def _removed(self, request, guide):
        """The typed text as a new step, with the picture that the removed one had."""
        if request.method != "POST":
            raise Http404
        data = request.POST.copy()
        data["seen"], data["once"] = "", str(uuid4())
        data["based_on"] = str(Guide.objects.get(pk=guide.pk).revision)
        forms = StepForms(Step(guide=guide), guide=guide, by=request.user, data=data)
        return self._page(request, guide, None, forms, said=REMOVED, status=409)

    def _conflict(self, request, guide, step):
        """Both states side by side; saving once more writes what was typed."""
        now = Step.objects.select_related("guide", "screenshot", "video").get(pk=step.pk)
        data = request.POST.copy()
        data["seen"], data["based_on"] = digest(now), str(now.guide.revision)
        data["shown"] = str(now.screenshot_id or "")
        forms = StepForms(now, guide=now.guide, by=request.user, data=data)
        said = "Somebody saved this step while you were writing. Yours is below and not lost."
        return self._page(request, now.guide, now, forms, said=said, theirs=now, status=409)

    def _page(self, request, guide, step, forms, *, said="", theirs=None, status=None):
        errors = bool(forms.about.is_bound and forms.has_errors)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Step {step.position}" if step else "New step",
            "subtitle": str(guide),
            "opts": self.opts,
            "original": step,
            "guide": guide,
            "number": step.position if step else guide.steps.count() + 1,
            "forms": forms,
            "shown": _shown(forms, step, guide),
            "said": said,
            "theirs": theirs,
            "errors": errors,
            "flag": step.flag if step else "",
            "new_video": _address("admin:onboarding_video_add"),
            "media": self.media + forms.about.media,
        }
        status = status or (400 if errors else 200)
        template = "admin/onboarding/step/change_form.html"
        return TemplateResponse(request, template, context, status=status)

    # The preview

    def preview_view(self, request):
        """The step as typed, as readers will see it: a piece of HTML."""
        if not request.user.has_perm("onboarding.change_step"):
            raise PermissionDenied
        context = {"line": shown(typed_step(request.POST))}
        return TemplateResponse(request, "admin/onboarding/step/_preview.html", context)


def typed_step(data) -> dict:
    """What is typed, finished or not, in the shape of a frozen step."""
    words = {name: data.get(name, "").replace("\x00", "") for name in WORDS}
    return {**words, "number": number_in(data, "number") or 1, "shot": _shot(data), "video": None}


def _shot(data) -> dict | None:
    picture = Screenshot.objects.filter(pk=number_in(data, "shown")).first()
    if picture is None or data.get("without_picture"):
        return None
    size = {"name": picture.name, "width": picture.width, "height": picture.height}
    callouts = Callouts(data, prefix="callouts").kept
    return {**size, "alt": data.get("alt", "")[:300], "callouts": callouts}


def _shown(forms, step, guide):
    """The picture on the page: the one that the form carries, or that the step has."""
    if not forms.about.is_bound:
        return step.screenshot if step else None
    key = number_in(forms.about.data, "shown")
    return guide.screenshots.filter(pk=key).first()


def _address(name: str) -> str:
    """An address of the admin, or nothing where that part is not built."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""

"""Questions that people ask again and again: staff write the answers here."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html_join
from django.views.decorators.http import require_POST

from onboarding.guides.admin.filters import Questions
from onboarding.models import Question, QuestionFeedback
from onboarding.problems import StaleQuestion
from portal.core.data.columns import longest
from portal.core.markdown import MarkdownError, render
from portal.core.web.cells import shown
from portal.core.web.editor import MarkdownEditor
from portal.core.web.narrow import Narrow
from portal.core.web.read_only import ReadOnly
from portal.core.web.refused_forms import Refusing
from portal.core.web.status import HELPED, PUBLISHED, UNPUBLISHED

MISSED = 20
PREVIEW = "admin:onboarding_question_preview"


class PublishedFilter(Questions):
    title = "state"
    parameter_name = "state"
    asks = {
        "published": ("Published", lambda rows, user: rows.filter(is_published=True)),
        "hidden": ("Not published", lambda rows, user: rows.filter(is_published=False)),
        "unhelpful": ("Not helpful", lambda rows, user: rows.unhelpful()),
        "mine": ("Of my teams, not helpful", lambda rows, user: rows.unhelpful().owned_by(user)),
    }


class QuestionForm(forms.ModelForm):
    slug = forms.SlugField(
        label="Address",
        max_length=longest(Question, "slug"),
        required=False,
        help_text="Made from the question if it is left empty.",
    )
    answer = forms.CharField(widget=MarkdownEditor(preview=PREVIEW, upload=""), strip=False)
    seen = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)
    refusal = ""  # of a verb; set by QuestionAdmin for one request

    class Meta:
        model = Question
        fields = (
            *("topic", "question", "answer", "guides", "owner"),
            *("position", "is_published", "slug"),
        )

    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        if self.instance.pk:
            self.initial["seen"] = self.instance.etag

    def clean_slug(self):
        question = self.data.get("question", "")
        return self.cleaned_data["slug"] or Question.objects.free_slug(question)

    def clean_answer(self):
        try:
            render(text := self.cleaned_data["answer"])
        except MarkdownError as refusal:
            raise ValidationError(str(refusal)) from refusal
        return text

    def clean(self):
        if self.refusal:
            self.add_error("answer", self.refusal)
        return super().clean()


@admin.register(Question)
class QuestionAdmin(Narrow, Refusing, admin.ModelAdmin):
    form = QuestionForm
    list_display = ("question", "topic", "position", "standing", "helpful", "owner")
    list_filter = (PublishedFilter,)
    list_select_related = ("owner",)
    list_per_page = 50
    search_fields = ("question", "topic", "answer")
    ordering = ("topic", "position", "question", "pk")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None
    autocomplete_fields = ("guides",)
    long_choices = ("owner",)
    readonly_fields = ("missed",)
    fieldsets = (
        (None, {"fields": [("topic", "position"), "question", "answer", "seen"]}),
        ("What people missed", {"fields": ["missed"]}),
        ("Where it stands", {"fields": ["guides", "owner", "slug", "is_published"]}),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).judged()

    def get_urls(self):
        preview = self.admin_site.admin_view(require_POST(self.preview_view))
        own = path("preview/", preview, name="onboarding_question_preview")
        return [own, *super().get_urls()]

    def preview_view(self, request):
        """The answer as typed, as readers will see it: a piece of HTML."""
        if not request.user.has_perm("onboarding.change_question"):
            raise PermissionDenied
        try:
            context = {"rendered": render(request.POST.get("content", ""))}
        except MarkdownError as refusal:
            context = {"refusal": str(refusal)}
        return TemplateResponse(request, "admin/onboarding/question/_preview.html", context)

    @admin.display(description="state", ordering="is_published")
    def standing(self, question):
        return shown(PUBLISHED if question.is_published else UNPUBLISHED)

    @admin.display(description="helped", ordering="helped")
    def helpful(self, question):
        return f"{question.helped} of {question.said}" if question.said else None

    @admin.display(description="since it was written")
    def missed(self, question):
        found = question.missed()[:MISSED] if question.pk else []
        return format_html_join("", "<p>{}</p>", ((row.reason,) for row in found)) or "Nothing."

    def told(self, request, refusal):
        """The other answer is shown; the next save writes on top of it."""
        if not isinstance(refusal, StaleQuestion):
            return super().told(request, refusal)
        request.POST = request.POST.copy()
        request.POST["seen"] = refusal.theirs.etag
        return (
            f"Somebody saved it meanwhile. Theirs: “{refusal.theirs.answer}” What you typed is "
            "still here: take over what you need, then save again."
        )

    def save_model(self, request, obj, form, change):
        row = Question.objects.get(pk=obj.pk) if change else Question()
        fields = {name: form.cleaned_data[name] for name in QuestionForm.Meta.fields}
        row.write(by=request.user, based_on=form.cleaned_data["seen"] or None, **fields)
        obj.pk = row.pk

    def save_related(self, request, form, formsets, change):
        """Nothing is left to save: the verb saved the guides too."""


@admin.register(QuestionFeedback)
class QuestionFeedbackAdmin(ReadOnly):
    """Without names: authors learn what to fix, not who said it."""

    list_display = ("question", "answer", "reason", "at")
    list_filter = ("helped", "at")
    list_select_related = ("question",)
    search_fields = ("question__question", "reason")
    fields = ("question", "answer", "reason", "at")

    @admin.display(description="answer", ordering="helped")
    def answer(self, feedback):
        return shown(HELPED[feedback.helped])

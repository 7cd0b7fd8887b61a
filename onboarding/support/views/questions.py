"""Questions and answers."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from onboarding.models import AskedQuestion, Guide, Question, QuestionFeedback
from onboarding.models.questions import LONGEST_REASON
from onboarding.support.forms import JudgeForm, QuestionsForm
from portal.core.problems import Refused
from portal.core.web.refusals import verb
from portal.search.query import forgiven

SHOWN = 100
TOPICS_SHOWN = 50
NOT_A_VERDICT = f"Say yes or no; what you missed has at most {LONGEST_REASON} characters."


@require_safe
@permission_required("onboarding.view_question", raise_exception=True)
def questions(request):
    """By topic, or those that have some words; one may be named, and is open then."""
    return shown(request)


def shown(request, *, asking=None, answering=None, status: int = 200):
    """The page; `asking` and `answering` are forms that were refused, with what was typed."""
    form = QuestionsForm(request.GET)
    words, topic = (form.cleaned_data.get(n, "") if form.is_valid() else "" for n in ("q", "topic"))
    visible = Question.objects.visible(request.user)
    rows, near = forgiven(
        visible.filter(topic=topic) if topic else visible, words, user=request.user, kind="question"
    )
    page = Paginator(_with_guides(rows, request.user), SHOWN).get_page(_place(request, rows))
    named = request.GET.get("question", "")
    context = {
        "words": words,
        "near": near,
        "topic": topic,
        "topics": _topics(visible),
        "page": page,
        "opened": named if any(row.slug == named for row in page) else "",
        "said": {
            row.question_id: row for row in QuestionFeedback.objects.filter(user=request.user)
        },
        "longest_reason": LONGEST_REASON,
        "unanswered": _unanswered(request.user, answering),
        "asking": asking,
        "answering": answering,
    }
    return render(request, "onboarding/questions.html", context, status=status)


def _topics(rows) -> list[str]:
    """Each once, in the order in which the page has them."""
    placed = rows.order_by("topic_position", "topic").values_list("topic", flat=True)
    return list(placed.distinct()[:TOPICS_SHOWN])


def _unanswered(user, answering=None) -> list[AskedQuestion]:
    """What readers asked, for those who may answer it; first what was answered in vain."""
    if not user.has_perm("onboarding.change_askedquestion"):
        return []
    rows = AskedQuestion.objects.select_related("user", "owner", "question")
    refused = [answering.asked.pk] if answering else []
    return [*rows.filter(pk__in=refused), *rows.open().exclude(pk__in=refused)[:SHOWN]]


def _with_guides(rows, user):
    guides = Guide.objects.visible(user).published()
    return rows.prefetch_related(Prefetch("guides", guides, to_attr="shown_guides"))


def _place(request, rows):
    """The page that is asked for, or the one on which the named question stands."""
    named = request.GET.get("question", "")
    if not named or "page" in request.GET:
        return request.GET.get("page")
    slugs = list(rows.values_list("slug", flat=True))
    return slugs.index(named) // SHOWN + 1 if named in slugs else 1


@verb("onboarding.add_questionfeedback")
def judge(request, slug):
    """Say whether the answer helped; the last word counts."""
    question = get_object_or_404(Question.objects.visible(request.user), slug=slug)
    form = JudgeForm(request.POST)
    if not form.is_valid():
        raise Refused(NOT_A_VERDICT, pointer="/helped")
    reason = form.cleaned_data["reason"]
    question.judge(by=request.user, helped=form.verdict, reason=reason, at=timezone.now())
    messages.success(request, _thanks(question, helped=form.verdict, reason=reason))
    return redirect(question)


def _thanks(question, *, helped: bool, reason: str) -> str:
    if helped:
        return "Good to know. Thank you."
    asked = question.owner or "Those who write the answers"
    told = f"{asked} will see that this answer needs work"
    return f"Thank you. {told}." if reason else f"Thank you. {told}. Say below what you missed."

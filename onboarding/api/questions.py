"""Questions that people ask again and again, and whether the answers help."""

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema

from onboarding import serializers as says
from onboarding.models import Question
from portal.core.api import pagination
from portal.core.api.renderers import json_response

from . import documented
from .base import OnboardingView

ORDER = pagination.Ordering(("topic", "position", "question"))
READ = {"GET": "onboarding.view_question"}
NAMES = ("slug", "topic", "question", "answer", "html", "changed_at")


def row_of(row: dict) -> dict:
    """A question as programs see it."""
    tagged = Question(pk=row["pk"], changed_at=row["changed_at"], slug=row["slug"])
    more = {"etag": tagged.etag, "url": f"{reverse('onboarding:questions')}#{row['slug']}"}
    return {name: row[name] for name in NAMES} | more


class Questions(OnboardingView):
    permissions = READ

    @extend_schema(
        operation_id="questions_list",
        parameters=documented.QUESTIONS,
        responses=documented.page_of(says.QuestionSerializer),
    )
    def get(self, request):
        """Questions with their answers, by topic; `search` finds those with all the words."""
        params = request.query_params
        rows = Question.objects.visible(request.user).matching(params.get("search", ""))
        if params.get("topic"):
            rows = rows.filter(topic=params["topic"])
        page = pagination.paginate(
            rows.values("pk", "position", *NAMES), ORDER, "questions", params
        )
        return self.page(page, [row_of(row) for row in page.rows])


class QuestionView(OnboardingView):
    def question(self, slug: str) -> Question:
        return self.found(Question.objects.visible(self.request.user), slug=slug)


class QuestionDetail(QuestionView):
    permissions = READ

    @extend_schema(operation_id="questions_read", responses=says.QuestionSerializer)
    def get(self, request, slug):
        """One question with its answer."""
        question = self.question(slug)
        row = {name: getattr(question, name) for name in ("pk", *NAMES)}
        return json_response(row_of(row), headers={"ETag": question.etag})


class Judge(QuestionView):
    permissions = {"POST": "onboarding.add_questionfeedback"}

    @extend_schema(
        operation_id="questions_judge",
        request=says.HelpedSerializer,
        responses={204: None},
        examples=documented.HELPED_EXAMPLE,
    )
    def post(self, request, slug):
        """Say whether the answer helped; your last word counts."""
        given = self.checked(says.HelpedSerializer)
        self.question(slug).judge(by=request.user, **given)
        return HttpResponse(status=204)

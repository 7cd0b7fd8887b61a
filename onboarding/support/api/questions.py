"""Questions that people ask again and again, and whether the answers help."""

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema

from onboarding.guides import serializers
from onboarding.guides.api import examples
from onboarding.guides.api.base import OnboardingView
from onboarding.models import Guide, Question
from portal.core.api import pagination
from portal.core.api.etags import IF_MATCH, require_match
from portal.core.api.renderers import json_response
from portal.core.markdown import MarkdownError, MarkdownTooLarge
from portal.core.problems import Refused, TooLarge
from portal.search.query import narrowed

ORDER = pagination.Ordering(("topic", "position", "question"))
READ = {"GET": "onboarding.view_question"}
NAMES = ("slug", "topic", "question", "answer", "html", "is_published", "changed_at")


def row_of(row: dict) -> dict:
    """A question as programs see it."""
    tagged = Question(pk=row["pk"], changed_at=row["changed_at"], slug=row["slug"])
    more = {"etag": tagged.etag, "url": tagged.get_absolute_url()}
    return {name: row[name] for name in NAMES} | more


class QuestionView(OnboardingView):
    def question(self, slug: str) -> Question:
        return self.found(Question.objects.visible(self.request.user), slug=slug)

    def written(self, question: Question, given: dict, *, based_on: str | None = None) -> None:
        """Write what was sent. Raises Refused for a guide that this person may not see."""
        pks = {guide.pk for guide in given.get("guides", ())}
        if Guide.objects.visible(self.request.user).filter(pk__in=pks).count() < len(pks):
            raise Refused("There is no such guide.", pointer="/guides")
        try:
            question.write(by=self.request.user, based_on=based_on, **given)
        except MarkdownTooLarge as refusal:
            raise TooLarge(str(refusal), pointer="/answer") from refusal
        except MarkdownError as refusal:
            raise Refused(str(refusal), pointer="/answer") from refusal

    def shown(self, question: Question, *, status: int = 200, **headers):
        row = {name: getattr(question, name) for name in ("pk", *NAMES)}
        headers["ETag"] = question.etag
        return json_response(row_of(row), status=status, headers=headers)


class Questions(QuestionView):
    permissions = READ | {"POST": "onboarding.add_question"}

    @extend_schema(
        operation_id="questions_list",
        parameters=examples.QUESTIONS,
        responses=examples.page_of(serializers.QuestionSerializer),
    )
    def get(self, request):
        """Questions with their answers, by topic; `search` finds those with all the words."""
        params = request.query_params
        rows = Question.objects.visible(request.user)
        rows = narrowed(rows, params.get("search", ""), user=request.user, kind="question")
        if params.get("topic"):
            rows = rows.filter(topic=params["topic"])
        page = pagination.paginate(
            rows.values("pk", "position", *NAMES), ORDER, "questions", params
        )
        return self.page(page, [row_of(row) for row in page.rows])

    @extend_schema(
        operation_id="questions_create",
        request=serializers.WriteQuestionSerializer,
        responses={201: serializers.QuestionSerializer},
        examples=examples.QUESTION_EXAMPLE,
    )
    def post(self, request):
        """Write a question with its answer; it is published unless you say otherwise."""
        question = Question()
        self.written(question, self.checked(serializers.WriteQuestionSerializer))
        address = reverse("api:question", args=[question.slug])
        return self.shown(question, status=201, Location=address)


class QuestionDetail(QuestionView):
    permissions = READ | {"PATCH": "onboarding.change_question"}

    @extend_schema(operation_id="questions_read", responses=serializers.QuestionSerializer)
    def get(self, request, slug):
        """One question with its answer."""
        return self.shown(self.question(slug))

    @extend_schema(
        operation_id="questions_change",
        request=serializers.WriteQuestionSerializer(partial=True),
        parameters=IF_MATCH,
        responses=serializers.QuestionSerializer,
        examples=examples.ANSWER_EXAMPLE,
    )
    def patch(self, request, slug):
        """Change the members that you send; a judgement of the old answer counts no more."""
        question = self.question(slug)
        require_match(request, question.etag, difference=question.get_absolute_url())
        given = self.checked(serializers.WriteQuestionSerializer, partial=True)
        self.written(question, given, based_on=question.etag)
        return self.shown(question)


class Judge(QuestionView):
    permissions = {"POST": "onboarding.add_questionfeedback"}

    @extend_schema(
        operation_id="questions_judge",
        request=serializers.HelpedSerializer,
        responses={204: None},
        examples=examples.HELPED_EXAMPLE,
    )
    def post(self, request, slug):
        """Say whether the answer helped; your last word counts."""
        given = self.checked(serializers.HelpedSerializer)
        self.question(slug).judge(by=request.user, **given)
        return HttpResponse(status=204)

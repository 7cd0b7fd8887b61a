"""Questions that people ask again and again, and whether the answers help."""

from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema

from onboarding.guides.api import examples
from onboarding.guides.api.base import OnboardingView
from onboarding.models import Guide, Question
from onboarding.support import serializers
from portal.accounts.models import Team
from portal.core.api import pagination
from portal.core.api.changes import told
from portal.core.api.etags import IF_MATCH, require_match
from portal.core.api.filters import among, changed_since, in_state, refuse_strangers
from portal.core.api.parameters import page_with_deleted
from portal.core.api.renderers import json_response
from portal.core.api.verbs import VerbView
from portal.core.markdown import MarkdownError, MarkdownTooLarge
from portal.core.problems import Refused, TooLarge
from portal.search.query import narrowed

ORDER = pagination.Ordering(("topic", "position", "question"))
READ = {"GET": "onboarding.view_question"}
ROW = serializers.QuestionSerializer
STATES = {
    "current": Q(),
    "published": Q(is_published=True),
    "unpublished": Q(is_published=False),
    "all": Q(),
}


class QuestionView(OnboardingView):
    def question(self, slug: str) -> Question:
        rows = Question.objects.visible(self.request.user).select_related("owner")
        return self.found(rows, slug=slug)

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


class Questions(QuestionView):
    permissions = READ | {"POST": "onboarding.add_question"}

    @extend_schema(
        operation_id="questions_list",
        parameters=examples.QUESTIONS,
        responses=page_with_deleted(serializers.QuestionSerializer),
    )
    def get(self, request):
        """Questions with their answers, by topic; `search` finds those with all the words."""
        params, rows = request.query_params, Question.objects.visible(request.user)
        rows = changed_since(in_state(rows, params, STATES), params)
        refuse_strangers(params, owner=Team.objects.all())
        rows = among(rows, params, topic="topic", owner="owner__slug")
        rows = narrowed(rows, params.get("search", ""), user=request.user, kind="question")
        return self.listed(ROW, rows, ORDER, "questions", **self.gone())

    def gone(self) -> dict[str, list[str]]:
        """What was deleted since; of what was not published only those are told who saw it."""
        saw_all = self.request.user.has_perm("onboarding.change_question")
        had = {} if saw_all else {"is_published": "True"}
        return told(Question, self.request.query_params, **had)

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
        return self.made(ROW.of(question), reverse("api:question", args=[question.slug]))


class QuestionDetail(QuestionView):
    permissions = READ | {"PATCH": "onboarding.change_question"}

    @extend_schema(operation_id="questions_read", responses=serializers.QuestionSerializer)
    def get(self, request, slug):
        """One question with its answer."""
        return shown(self.question(slug))

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
        tags = ROW.of(question)["etag"], question.etag  # the words are the same under both
        require_match(request, *tags, difference=question.get_absolute_url())
        given = self.checked(serializers.WriteQuestionSerializer, partial=True)
        self.written(question, given, based_on=question.etag)
        return shown(question)


def shown(question: Question) -> HttpResponse:
    said = ROW.of(question)
    return json_response(said, headers={"ETag": said["etag"]})


class Judge(VerbView, QuestionView):
    permissions = {"POST": "onboarding.add_questionfeedback"}
    operation = "questions_{}"
    takes = serializers.HelpedSerializer
    answers = {204: None}
    examples = examples.HELPED_EXAMPLE

    def thing(self, slug):
        return self.question(slug)

    def answer(self, thing, result):
        return HttpResponse(status=204)

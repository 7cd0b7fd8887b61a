"""Questions of readers: asked by one, answered for all."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from onboarding.models import AskedQuestion
from onboarding.problems import WrongState
from onboarding.support.forms import AnswerForm, AskForm
from portal.core.markdown import MarkdownError
from portal.core.problems import Refused
from portal.core.web.refusals import status_of, verb

from .questions import shown


def at_questions(*_, **__) -> str:
    return reverse("onboarding:questions")


@verb("onboarding.add_askedquestion", page=at_questions)
def ask(request):
    """Send a question to those who write answers."""
    form = AskForm(request.POST)
    if not form.is_valid():
        return shown(request, asking=form, status=400)
    given = form.cleaned_data
    try:
        row = AskedQuestion.objects.ask(
            given["question"], topic=given["topic"], by=request.user, at=timezone.now()
        )
    except Refused as refusal:
        form.add_error("question", refusal.detail)
        return shown(request, asking=form, status=refusal.status)
    told = f"Your question was sent to {row.owner or 'the authors'}."
    messages.success(request, f"{told} You get a message when it is answered.")
    return redirect("onboarding:questions")


@verb("onboarding.change_askedquestion", page=at_questions)
def answer(request, pk):
    """Publish the question with its answer, or close it without one."""
    row = get_object_or_404(AskedQuestion, pk=pk)
    form = AnswerForm(request.POST, asked=row)
    if not form.is_valid():
        return shown(request, answering=form, status=400)
    try:
        return _settled(request, row, form.cleaned_data["answer"])
    except (MarkdownError, ValidationError, WrongState) as refusal:
        form.add_error("answer", _said(refusal))
        return shown(request, answering=form, status=_status(refusal))


def _settled(request, row: AskedQuestion, answer: str):
    if "close" in request.POST:
        row.dismiss(by=request.user, at=timezone.now())
        messages.success(request, "Closed without an answer.")
        return redirect(f"{at_questions()}#unanswered")
    question = row.answer(answer, by=request.user, at=timezone.now())
    messages.success(request, "Published. Whoever asked gets a message.")
    return redirect(question)


def _said(refusal) -> str:
    return refusal.messages[0] if isinstance(refusal, ValidationError) else str(refusal)


def _status(refusal) -> int:
    if isinstance(refusal, MarkdownError):
        return status_of(refusal)
    return refusal.status if isinstance(refusal, WrongState) else 400

"""Questions of readers: asked by one, answered for all."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from onboarding.models import AskedQuestion
from onboarding.support.forms import AnswerForm, AskForm
from portal.core.markdown import MarkdownError
from portal.core.problems import Refused
from portal.core.web.refusals import verb


@verb("onboarding.add_askedquestion")
def ask(request):
    """Send a question to those who write answers."""
    given = _valid(AskForm(request.POST))
    row = AskedQuestion.objects.ask(
        given["question"], topic=given["topic"], by=request.user, at=timezone.now()
    )
    told = f"Your question was sent to {row.owner or 'the authors'}."
    messages.success(request, f"{told} You get a message when it is answered.")
    return redirect("onboarding:questions")


@verb("onboarding.change_askedquestion")
def answer(request, pk):
    """Publish the question with its answer, or close it without one."""
    row = get_object_or_404(AskedQuestion, pk=pk)
    if "close" in request.POST:
        row.dismiss(by=request.user, at=timezone.now())
        messages.success(request, "Closed without an answer.")
        return redirect(f"{reverse('onboarding:questions')}#unanswered")
    given = _valid(AnswerForm(request.POST))
    try:
        question = row.answer(given["answer"], by=request.user, at=timezone.now())
    except (MarkdownError, ValidationError) as refusal:
        raise Refused(_said(refusal), pointer="/answer") from refusal
    messages.success(request, "Published. Whoever asked gets a message.")
    return redirect(question)


def _valid(form) -> dict:
    if form.is_valid():
        return form.cleaned_data
    field, errors = next(iter(form.errors.items()))
    raise Refused(str(errors[0]), pointer=f"/{field}")


def _said(refusal: MarkdownError | ValidationError) -> str:
    return refusal.messages[0] if isinstance(refusal, ValidationError) else str(refusal)

"""What is typed about questions, and by who is stuck."""

from django import forms

from onboarding.models import AskedQuestion, Question
from onboarding.models.questions import LONGEST_REASON
from onboarding.models.stuck import LONGEST_ANSWER, LONGEST_REPORT
from portal.core.data.columns import longest
from portal.search.text.words import LONGEST_QUERY


class LinesField(forms.CharField):
    """Lines of text, counted as browsers do: the end of one is one character."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class QuestionsForm(forms.Form):
    q = forms.CharField(required=False, max_length=LONGEST_QUERY, label="Words")
    topic = forms.CharField(required=False, max_length=longest(Question, "topic"), label="Topic")


class StuckForm(forms.Form):
    """What happened at a step."""

    text = LinesField(
        max_length=LONGEST_REPORT,
        label="What happened?",
        help_text="What you did, what you saw, what you expected.",
        widget=forms.Textarea(attrs={"rows": 4, "autofocus": True}),
        error_messages={"required": "Say in a line what happened."},
    )


class AskForm(forms.Form):
    """A question of a reader."""

    question = forms.CharField(
        max_length=longest(AskedQuestion, "text"),
        label="Your question",
        error_messages={"required": "Write your question."},
    )
    topic = forms.CharField(required=False, max_length=longest(AskedQuestion, "topic"))


class AnswerForm(forms.Form):
    """The answer that everybody will read; none where `close` was pressed."""

    answer = LinesField(
        strip=False,
        max_length=LONGEST_ANSWER,
        required=False,
    )

    def __init__(self, data, *, asked: AskedQuestion):
        super().__init__(data)
        self.asked = asked

    def clean_answer(self):
        answer, is_closing = self.cleaned_data["answer"], "close" in self.data
        if is_closing and answer.strip():
            raise forms.ValidationError("Publish what you wrote, or delete it to close without it.")
        if not is_closing and not answer.strip():
            raise forms.ValidationError("Write an answer, or close the question.")
        return answer


class JudgeForm(forms.Form):
    """Whether an answer helped, and what was missing."""

    helped = forms.ChoiceField(choices=[("yes", "Yes"), ("no", "No")])
    reason = LinesField(required=False, max_length=LONGEST_REASON)

    @property
    def verdict(self) -> bool:
        return self.cleaned_data["helped"] == "yes"


class SettleForm(forms.Form):
    """An answer to somebody who is stuck."""

    answer = LinesField(
        required=False,
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea({"rows": 5}),
        help_text="They read it at the step, and get it by e-mail.",
    )

"""The lines of guides and questions on the index of the administration."""

from onboarding.models import Guide, Question, StuckReport, StuckState
from portal.core.web.desk import Line, Part, Wait


def wrong_pictures():
    return Guide.objects.current().flagged()


def stuck():
    return StuckReport.objects.filter(state=StuckState.OPEN)


DESK = (
    Line(
        Part.WRITE,
        20,
        "Guides",
        "Lessons with steps, pictures and videos",
        "guide",
        "onboarding.guide",
        "New guide",
        waits=(
            Wait(Guide.objects.changed, "changed, not published", "standing=changed"),
            Wait(wrong_pictures, "with pictures to fix", "attention=pictures"),
        ),
        rail=("Write guides", "image"),
        below=("onboarding.step", "onboarding.video"),
    ),
    Line(
        Part.WRITE,
        30,
        "Questions",
        "Answers that people look for again and again",
        "help",
        "onboarding.question",
        "New question",
        waits=(Wait(Question.objects.unhelpful, "did not help", "state=unhelpful"),),
        rail=("Write answers", "draft"),
        below=("onboarding.questionfeedback",),
    ),
    Line(
        Part.PEOPLE,
        40,
        "Assignments",
        "Which guides are assigned to whom, and when they are due",
        "clip",
        "onboarding.assignment",
    ),
    Line(
        Part.PEOPLE,
        50,
        "Progress",
        "How far people are; erase what is stored about a person",
        "trend",
        "onboarding.progress",
    ),
    Line(
        Part.OPERATIONS,
        20,
        "Stuck reports",
        "Where people could not go on in a guide",
        "hand",
        "onboarding.stuckreport",
        waits=(Wait(stuck, "to answer", "state__exact=open"),),
    ),
)

from .asked_questions import AskedQuestion
from .assignments import Assignment
from .guides import Guide, PutAside
from .pictures import Screenshot
from .progress import PastProgress, Progress, StepProgress
from .questions import Question, QuestionFeedback
from .steps import Step
from .stuck import StuckReport, StuckState
from .versions import GuideVersion
from .videos import Video

__all__ = [
    "AskedQuestion",
    "Assignment",
    "Guide",
    "GuideVersion",
    "PastProgress",
    "Progress",
    "PutAside",
    "Question",
    "QuestionFeedback",
    "Screenshot",
    "Step",
    "StepProgress",
    "StuckReport",
    "StuckState",
    "Video",
]

"""Where staff write guides and questions; every change goes through the verbs of the models."""

from . import guides as guides
from . import measuring as measuring
from . import questions as questions
from . import steps as steps
from . import videos as videos

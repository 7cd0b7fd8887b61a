"""The guides and questions that ship, one of the shop, and people who follow them."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings

from onboarding.files.importer import Import
from onboarding.models import Guide, Question
from portal.accounts.models import Team
from portal.core.ops.demo import World

from .people import follow_guides

DOING = "guides and questions"
OF_SHOP = Path(__file__).parent / "library"
LIBRARY = settings.BASE_DIR / "docs" / "user-guide"
AGE = timedelta(days=30)


def load(world: World) -> None:
    """Read what ships; the first time also let people follow it."""
    if not world.library:
        return
    is_new = not Guide.objects.exists()
    library, at = world.library / LIBRARY.name, world.now - AGE
    for folder in (library, OF_SHOP) if is_new else (library,):
        world.note(Import(folder, by=world.people["alice"], at=at, publish=True).run())
    owner = Team.objects.filter(slug="platform").first()
    Guide.objects.filter(owner=None).update(owner=owner)
    Question.objects.filter(owner=None).update(owner=owner)
    world.report(f"{Guide.objects.count()} guides, {Question.objects.count()} questions")
    if is_new:
        follow_guides(world.people, now=world.now)

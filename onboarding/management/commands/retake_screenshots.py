import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone
from tqdm import tqdm

from onboarding.models import Guide
from onboarding.pictures.retake.camera import Camera
from onboarding.pictures.retake.chromium import NoBrowser
from onboarding.pictures.retake.session import FLAGGED, TAKEN, Retake
from onboarding.pictures.retake.viewer import looking
from portal.accounts.models import User
from portal.accounts.roles import ROLES


class Command(BaseCommand):
    help = (
        "Take the pictures of guides again from the running portal, in a real browser. Steps whose "
        "page or selector is gone are flagged. Ends with 1 when something is flagged."
    )

    def add_arguments(self, parser):
        parser.add_argument("--guide", nargs="+", metavar="SLUG", help="Only these guides.")
        parser.add_argument("--check", action="store_true", help="Compare, but change nothing.")
        parser.add_argument(
            "--publish", action="store_true", help="Publish guides whose pictures changed."
        )
        parser.add_argument(
            "--address", default=settings.ADDRESS, help="Where the portal runs; or PORTAL_ADDRESS."
        )
        parser.add_argument(
            "--as",
            action="append",
            default=[],
            dest="people",
            metavar="ROLE=USER",
            help="As whom pages of a role are looked at; its first person if not given.",
        )
        parser.add_argument(
            "--states",
            type=Path,
            help="For another site: a folder with the state of a signed-in browser, ROLE.json.",
        )
        parser.add_argument(
            "--act",
            action="store_true",
            help="Let clicks change things there: only in a portal with demo data.",
        )
        parser.add_argument("--by", metavar="USER", help="User name of the author to record.")

    def handle(self, address, check, publish, people, states, by, act=False, **options):
        guides = self._guides(options["guide"])
        if not states and settings.HTTPS and address.startswith("http:"):
            raise CommandError(
                "The portal is served by HTTPS (PORTAL_HTTPS), so browsers keep no session of "
                f"{address}. Name its https:// address: --address or PORTAL_ADDRESS."
            )
        now = timezone.now()
        eyes_of = {"people": dict(map(self._person, people)), "states": states}
        camera_of = {"sign_in": reverse(settings.LOGIN_URL), "acting": act, "at": now}
        try:
            with (
                looking(address, **eyes_of) as eyes,
                Camera(address, **camera_of) as camera,
            ):
                work = Retake(camera, eyes, at=now, by=self._user(by), check=check)
                flagged = self._round(work, guides, publish=publish and not check)
        except NoBrowser as error:
            raise CommandError(str(error)) from error
        if flagged:
            raise CommandError(f"{flagged} flagged.")

    def _round(self, work: Retake, guides: list, *, publish: bool) -> int:
        was_published = {guide.pk: not guide.has_changes for guide in guides}
        steps, flagged, changed = list(work.steps(guides)), 0, set()
        with tqdm(steps, unit="picture", disable=not sys.stderr.isatty()) as bar:
            for guide, number, step in bar:
                outcome = work.take(guide, number, step)
                flagged += outcome.state == FLAGGED
                changed |= {guide.pk} if outcome.state == TAKEN else set()
                with bar.external_write_mode():
                    self.stdout.write(str(outcome))
        for guide in Guide.objects.filter(pk__in=changed) if publish else ():
            why = work.publish(guide, was_published=was_published[guide.pk])
            self.stdout.write(f"not published {guide.slug}: {why}" if why else f"published {guide}")
        return flagged

    def _guides(self, slugs: list[str] | None) -> list[Guide]:
        rows = Guide.objects.current().select_related("published")
        if slugs:
            unknown = set(slugs) - set(rows.values_list("slug", flat=True))
            if unknown:
                raise CommandError(f"There is no guide {', '.join(sorted(unknown))}.")
            rows = rows.filter(slug__in=slugs)
        return list(rows)

    def _person(self, text: str) -> tuple[str, str]:
        role, _, name = text.partition("=")
        if role not in ROLES or not name:
            raise CommandError(f"--as {text}: give ROLE=USER, with one of {', '.join(ROLES)}.")
        return role, name

    def _user(self, name: str | None) -> User | None:
        found = User.objects.filter(username=name).first() if name else None
        if name and not found:
            raise CommandError(f"There is no user {name}.")
        return found

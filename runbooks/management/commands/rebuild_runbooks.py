import sys

from django.core.management.base import BaseCommand
from django.db import transaction
from tqdm import tqdm

from portal.core.markdown import MarkdownError
from portal.search import index
from runbooks.documents.render import bad_parameters, derive_again, renew
from runbooks.models import Runbook, Version
from runbooks.models.choices import OPEN, State

CURRENT = (State.PUBLISHED, *OPEN)


class Command(BaseCommand):
    derives_texts = True  # `rebuild` runs it
    help = (
        "Derive pages, steps and links of all texts in use anew: after an upgrade that reads "
        "texts otherwise (see CHANGELOG.md). Nothing else changes; it is safe to repeat. It names "
        "texts with parameters that are not understood any more: their owners change these. "
        "Superseded versions, and steps that a run goes by, stay as they are."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Count, but change nothing.")

    def handle(self, dry_run, **options):
        keys = Version.objects.filter(state__in=CURRENT).order_by("pk").values_list("pk", flat=True)
        changed = 0
        for pk in tqdm(list(keys), file=sys.stderr, disable=not sys.stderr.isatty()):
            changed += self._rebuild(pk, dry_run=dry_run)
        while not dry_run and index.catch_up():
            pass
        done = "would be" if dry_run else "were"
        self.stdout.write(f"{len(keys)} texts were read; {changed} {done} changed.")

    def _rebuild(self, pk: int, *, dry_run: bool) -> bool:
        """One version in a transaction of its own; what was decided on it meanwhile counts."""
        with transaction.atomic():
            with index.together(later=True):
                has_changed = self._renewed(pk)
            transaction.set_rollback(dry_run)
        return has_changed

    def _renewed(self, pk: int) -> bool:
        version = Version.objects.select_related("runbook").filter(state__in=CURRENT, pk=pk).first()
        if version is None:
            return False
        try:
            has_changed = _renew(version)
            self._name_bad_parameters(version)
            return has_changed
        except MarkdownError as refusal:
            self.stderr.write(f"{version.runbook.slug} v{version.number}: {refusal}")
            return False

    def _name_bad_parameters(self, version: Version) -> None:
        version.refresh_from_db(fields=["problems"])
        for detail in bad_parameters(version.problems):
            self.stderr.write(f"{version.runbook.slug} v{version.number}: {detail}")


def _renew(version: Version) -> bool:
    runbook = Runbook.objects.select_for_update().get(pk=version.runbook_id)
    if version.state != State.PUBLISHED:
        return renew(version, runbook)
    has_changed = derive_again(runbook)
    if has_changed:
        lede = runbook.versions.values_list("lede", flat=True).get(pk=version.pk)
        Runbook.objects.filter(pk=runbook.pk).update(summary=lede)
        runbook.touch()
    return has_changed

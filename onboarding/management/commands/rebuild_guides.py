from django.core.management.base import BaseCommand
from django.db import transaction

from onboarding.guides.publishing import rendered_again
from onboarding.models import GuideVersion, Question
from portal.core.markdown import MarkdownError


class Command(BaseCommand):
    derives_texts = True  # `rebuild` runs it
    help = (
        "Render all published guides and all answers anew: after an upgrade that reads texts "
        "otherwise (see CHANGELOG.md). Their words stay; it is safe to repeat."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Count, but change nothing.")

    def handle(self, dry_run, **options):
        rows = [(row, f"guide {row}") for row in GuideVersion.objects.order_by("pk")]
        rows += [(row, f"question {row.slug}") for row in Question.objects.order_by("pk")]
        with transaction.atomic():
            changed = sum(self._rebuild(row, name) for row, name in rows)
            transaction.set_rollback(dry_run)
        done = "would be" if dry_run else "were"
        self.stdout.write(f"{len(rows)} guides and answers were read; {changed} {done} changed.")

    def _rebuild(self, row: GuideVersion | Question, name: str) -> bool:
        try:
            if isinstance(row, Question):
                return row.rebuild()
            return row.rebuild(rendered_again(row.content))
        except MarkdownError as refusal:
            self.stderr.write(f"{name}: {refusal}")
            return False

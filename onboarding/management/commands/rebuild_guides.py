from django.core.management.base import BaseCommand
from django.db import transaction

from onboarding.guides.publishing import rendered_again
from onboarding.models import GuideVersion, Question
from portal.core.markdown import MarkdownError

Text = GuideVersion | Question


class Command(BaseCommand):
    derives_texts = True  # `rebuild` runs it
    help = (
        "Render all published guides and all answers anew: after an upgrade that reads texts "
        "otherwise (see CHANGELOG.md). Their words stay; it is safe to repeat."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Count, but change nothing.")

    def handle(self, dry_run, **options):
        read = changed = 0
        for noun in (GuideVersion, Question):
            for pk in list(noun.objects.order_by("pk").values_list("pk", flat=True)):
                read += 1
                changed += self._rebuild(noun, pk, dry_run=dry_run)
        done = "would be" if dry_run else "were"
        self.stdout.write(f"{read} guides and answers were read; {changed} {done} changed.")

    def _rebuild(self, noun: type[Text], pk: int, *, dry_run: bool) -> bool:
        """One text in a transaction of its own, so that others write between two of them."""
        with transaction.atomic():
            row = noun.objects.filter(pk=pk).first()
            has_changed = row is not None and self._renewed(row)
            transaction.set_rollback(dry_run)
        return has_changed

    def _renewed(self, row: Text) -> bool:
        try:
            if isinstance(row, Question):
                return row.rebuild()
            return row.rebuild(rendered_again(row.content))
        except MarkdownError as refusal:
            name = f"question {row.slug}" if isinstance(row, Question) else f"guide {row}"
            self.stderr.write(f"{name}: {refusal}")
            return False

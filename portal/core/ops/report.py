"""A line for each file, and a bar for whoever watches."""

import sys
from collections import Counter
from collections.abc import Iterator

from django.core.management.base import CommandError
from tqdm import tqdm

from portal.core.data.outages import outage_of
from portal.core.web.outcomes import REFUSED, Outcome


def report(work, out, *, quiet: bool) -> Counter:
    """Run an import or export and write its lines; returns how many files met which end.

    Raises CommandError where the disk is full or the database away.
    """
    totals: Counter = Counter()
    hidden = quiet or not sys.stderr.isatty()
    with tqdm(total=work.count, unit="file", file=sys.stderr, disable=hidden) as bar:
        for outcome in _told(work):
            totals[outcome.state] += 1
            if not quiet or outcome.state == REFUSED:
                with bar.external_write_mode():
                    out.write(str(outcome))
            bar.update()
    return totals


def _told(work) -> Iterator[Outcome]:
    try:
        yield from work.run()
    except Exception as error:
        if outage := outage_of(error):
            raise CommandError(outage.detail) from error
        raise


def counted(totals: Counter) -> str:
    counts = ", ".join(f"{count} {state}" for state, count in sorted(totals.items()))
    return f"{totals.total()} files" + (f" ({counts})" if counts else "")

"""What readers of the code found: each was a way to hold up, to leak, or to get stuck."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from incidents.escalation.repeats import call_unanswered
from incidents.files.markdown import of_incident
from incidents.models import Escalation, Layer
from incidents.oncall import verbs
from portal.core.ops.logs import masked
from portal.core.problems import Refused

from .oncall.world import make_on_call
from .world import declare, make_policy, make_service

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def test_an_override_of_thousands_of_years_is_refused_before_anything_is_looked_up(
    olga, rita, django_assert_max_num_queries
):
    rotation = make_on_call([rita, olga], by=olga)

    with django_assert_max_num_queries(6), pytest.raises(Refused, match="92 days"):
        verbs.override(rotation, rita, NOW, datetime(9999, 12, 30, tzinfo=UTC), by=olga, at=NOW)


@pytest.mark.parametrize("days", [{"starts_on": date(1, 1, 1)}, {"ends_on": date(9999, 1, 1)}])
def test_days_of_a_layer_are_of_this_century(olga, rita, days):
    layer = Layer.objects.get(rotation=make_on_call([rita, olga], by=olga))
    for name, day in days.items():
        setattr(layer, name, day)

    with pytest.raises(ValidationError, match="from 2000 to 2100"):
        layer.clean()


def test_what_is_over_holds_up_no_other_incident_that_nobody_answered(rita, olga):
    policy = make_policy(olga)
    over, waits = (
        declare(rita, services=[make_service(slug, policy=policy)]) for slug in ("a", "b")
    )
    over.resolve(by=rita)
    Escalation.objects.update(state="ended", stands=True, again_at=NOW - timedelta(hours=1))
    Escalation.objects.filter(incident=over).update(again_at=NOW - timedelta(hours=2))

    assert call_unanswered(NOW) and call_unanswered(NOW) and not call_unanswered(NOW)

    assert waits.escalations.running().exists() and not over.escalations.running().exists()


def test_the_record_does_not_name_the_restricted_one_that_it_was_merged_into(rita, olga):
    kept, double = declare(rita, title="Secret", is_restricted=True), declare(rita)
    double.merge(kept, by=rita)

    assert "Secret" not in of_incident(double) and kept.name not in of_incident(double)


def test_two_that_are_related_name_each_other_by_number_only(rita):
    first, second = declare(rita, title="Secret"), declare(rita)
    first.relate(second, by=rita)

    assert "Secret" not in " ".join(second.entries.values_list("text", flat=True))


def test_links_of_subscribers_are_masked_in_the_log():
    for verb in ("confirm", "leave"):
        assert masked(f"/status/public/{verb}/1:abc/") == f"/status/public/{verb}/…/"

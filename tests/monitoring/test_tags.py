"""One rule of entity tags: the member is the header, and both are good for either condition."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.monitoring.models import Heartbeat, Intake, Maintenance, Silence
from portal.notifications.models import Channel

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}


def silence_of(by):
    column = [{"name": "a", "operator": "=", "value": "b"}]
    ends_at = timezone.now() + timedelta(hours=2)
    row = Silence.objects.make(column, by=by, reason="Known", ends_at=ends_at)
    return f"silences/{row.pk}/", {"reason": "Known"}, {"reason": "Better known"}


def plan_of(by):
    about = {"title": "Move", "starts_at": timezone.now(), "duration": timedelta(hours=2)}
    row = Maintenance.objects.plan(services=[], is_for_all=True, by=by, **about)
    return f"maintenance/{row.pk}/", {"title": "Move", "minutes": 120}, {"title": "Moves"}


def intake_of(by):
    row, _ = Intake.objects.make("Ours", "alertmanager", by=by)
    return f"intakes/{row.pk}/", {"name": "Ours"}, {"name": "Theirs"}


def channel_of(by):
    row, _ = Channel.objects.add(by=by, name="Ours", kind="mail", address="ops@example.org")
    return f"channels/{row.slug}/", {"name": "Ours"}, {"name": "Theirs"}


def heartbeat_of(by):
    row = Heartbeat.objects.make("Backup", by=by, every=timedelta(hours=1))
    return f"heartbeats/{row.pk}/", {"name": "Backup"}, {"name": "Backups"}


@pytest.fixture(params=[silence_of, plan_of, intake_of, channel_of, heartbeat_of])
def thing(request, olga, api):
    address, same, other = request.param(olga)
    program = api(olga)

    def patch(body, tag):
        return program.patch(f"/api/v1/{address}", body, headers={"If-Match": tag}, **JSON)

    patch.get = lambda **headers: program.get(f"/api/v1/{address}", headers=headers)
    patch.list = lambda: program.get(f"/api/v1/{address.split('/')[0]}/").json()["results"]
    patch.same, patch.other = same, other
    return patch


def test_the_member_is_the_header(thing):
    seen = thing.get()
    tag = seen.json()["etag"]

    assert tag == seen["ETag"] == thing.list()[0]["etag"]
    assert thing.get(**{"If-None-Match": tag}).status_code == 304
    changed = thing(thing.other, tag)
    assert changed.status_code == 200
    assert changed["ETag"] == changed.json()["etag"] != tag
    assert thing(thing.other, tag).status_code == 412


def test_what_changes_nothing_moves_no_tag_on(thing):
    tag = thing.get()["ETag"]

    assert thing({}, tag)["ETag"] == tag
    assert thing(thing.same, tag)["ETag"] == tag


def test_a_change_counts_once(olga, api):
    address, _, other = silence_of(olga)
    before = Silence.objects.get().revision
    api(olga).patch(f"/api/v1/{address}", other, headers={"If-Match": "*"}, **JSON)

    assert Silence.objects.get().revision == before + 1

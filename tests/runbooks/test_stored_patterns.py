"""A runbook that was published with a pattern which is no longer read: it opens, and says so."""

import pytest

from runbooks.models import Run, Runbook, Version

pytestmark = pytest.mark.django_db
TEXT = '---\nparameters:\n  - {name: host, pattern: "[a-z]+"}\n---\n- [ ] Look at {{ host }}\n'


@pytest.fixture
def stored(alice):
    runbook = Runbook.objects.start("Look at it", by=alice, text=TEXT)
    runbook.adopt(TEXT + "\n")
    version = Version.objects.get(pk=Runbook.objects.get(pk=runbook.pk).published_id)
    version.parameters[0]["pattern"] = "(?!prod).*"
    version.save(update_fields=["parameters"])
    return Runbook.objects.get(pk=runbook.pk)


def test_its_pages_open(client_of, alice, stored):
    client, page = client_of(alice), stored.get_absolute_url()

    for address in (page, f"{page}edit/", f"{page}history/", f"{page}run/"):
        assert client.get(address).status_code == 200


def test_a_run_says_what_its_owner_has_to_change(client_of, rita, stored):
    answer = client_of(rita).post(f"{stored.get_absolute_url()}run/", {"p-host": "test"})

    assert answer.status_code == 400
    assert "looks ahead or behind" in answer.content.decode()
    assert not Run.objects.exists()


def test_the_api_says_it_at_the_member(api, rita, stored):
    body = {"parameters": {"host": "test"}}
    answer = api(rita).post(
        f"/api/v1/runbooks/{stored.slug}/runs/", body, content_type="application/json"
    )

    assert answer.status_code == 400
    assert "looks ahead or behind" in answer.json()["errors"][0]["detail"]


def test_the_preview_and_the_save_name_it_at_its_line(api, alice, stored):
    text = TEXT.replace("[a-z]+", "(?<=v)[0-9]+")
    client = api(alice)
    saved = client.post(
        "/api/v1/runbooks/", {"title": "Anew", "text": text}, content_type="application/json"
    )
    shown = client.get(f"/api/v1/runbooks/{saved.json()['slug']}/versions/1/").json()

    (problem,) = (each for each in shown["problems"] if each["code"] == "bad-parameter")
    assert problem["line"] == 3 and "looks ahead or behind" in problem["detail"]

"""Who may write guides: every address of the admin, for each role."""

import pytest

from onboarding.models import Guide, Question

from .writing import guide_page, new_step_page, step_page

READ = ("change", "publish", "preview", "compare", "history")
POSTED = ("reorder", "move", "remove", "archive", "unarchive")
PREVIEWS = ("/admin/onboarding/step/preview/", "/admin/onboarding/question/preview/")
LISTS = ("/admin/onboarding/guide/", "/admin/onboarding/step/", "/admin/onboarding/question/")


@pytest.fixture
def pages(first_day) -> list[str]:
    question = Question()
    question.write(topic="A", question="B", answer="C")
    own = [guide_page(first_day, name) for name in READ]
    step = [step_page(first_day.steps.first()), new_step_page(first_day)]
    more = [f"/admin/onboarding/question/{question.pk}/change/", "/admin/onboarding/guide/add/"]
    return [*own, *step, *more, *LISTS]


def test_authors_approvers_and_operators_write(client_of, people, pages):
    for role in ("author", "approver", "operator"):
        for address in pages:
            assert client_of(people[role]).get(address).status_code == 200, (role, address)


def test_readers_and_responders_have_no_admin(client, client_of, people, pages, first_day):
    verbs = [guide_page(first_day, name) for name in POSTED]
    for role in ("reader", "responder"):
        browser = client_of(people[role])
        for address in pages:
            assert browser.get(address, follow=True).status_code == 403, address
        for address in (*pages, *verbs, *PREVIEWS):
            assert browser.post(address, follow=True).status_code == 403, address
    for address in (*pages, *verbs, *PREVIEWS):
        assert "sign-in" in client.post(address).url, address
    assert Guide.objects.get(pk=first_day.pk).revision == first_day.revision


def test_every_verb_is_a_post_with_a_token(client_of, alice, first_day, pages):
    strict = client_of(alice, enforce_csrf_checks=True)
    for name in POSTED:
        assert client_of(alice).get(guide_page(first_day, name)).status_code == 405
        assert strict.post(guide_page(first_day, name)).status_code == 403
    for address in (*pages[:1], guide_page(first_day, "publish"), *PREVIEWS):
        assert strict.post(address).status_code == 403


@pytest.mark.parametrize("missing", ["publish_guide", "change_guide", "delete_step", "change_step"])
def test_each_verb_asks_for_its_permission(client_of, alice, first_day, roles, missing):
    roles["author"].permissions.filter(codename=missing).delete()
    browser = client_of(type(alice).objects.get(pk=alice.pk))
    verbs = {
        "publish_guide": [guide_page(first_day, name) for name in ("publish", "archive")],
        "change_guide": [guide_page(first_day, name) for name in ("reorder", "move")],
        "delete_step": [guide_page(first_day, "remove")],
        "change_step": [step_page(first_day.steps.first()), PREVIEWS[0]],
    }
    for address in verbs[missing]:
        assert browser.post(address).status_code == 403, address


def test_nothing_is_deleted_in_the_admin_but_questions(client_of, olga, first_day):
    for address in (
        guide_page(first_day, "delete"),
        f"{step_page(first_day.steps.first())}../delete/",
    ):
        assert client_of(olga).post(address, {"post": "yes"}).status_code in (403, 404)
    assert first_day.steps.count() == 2

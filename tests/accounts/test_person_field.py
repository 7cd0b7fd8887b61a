"""Asking for a person by name: found, told apart, or said what is near."""

import pytest
from django import forms

from portal.accounts.models import User
from portal.accounts.people.fields import PersonField
from tests.conftest import make_person

pytestmark = pytest.mark.django_db


class Form(forms.Form):
    who = PersonField(User.objects.active)


def said(text: str):
    """The person, or the sentence that refuses."""
    form = Form({"who": text})
    return form.cleaned_data["who"] if form.is_valid() else form.errors["who"][0]


def named(username: str, name: str) -> User:
    person = make_person(username, "responder")
    User.objects.filter(pk=person.pk).update(name=name)
    return User.objects.get(pk=person.pk)


def test_a_person_is_found_by_their_name_however_it_is_typed(db):
    zoe = named("z1", "Zoë van Dam")

    assert said("Zoë van Dam") == said("  zoë  VAN dam ") == said("Zoe\u0308 van Dam") == zoe
    assert said("z1") == zoe


def test_two_of_one_name_are_told_apart(db):
    ann, other = named("ann", "Ann Lee"), named("ann2", "Ann Lee")

    assert "Ann Lee (ann)" in str(Form()["who"])
    assert (said("Ann Lee (ann)"), said("ann lee (ANN2)")) == (ann, other)
    assert said("Ann Lee") == (
        "2 people are called “Ann Lee”. Choose Ann Lee (ann) or Ann Lee (ann2)."
    )


def test_a_name_goes_before_a_user_name(db):
    named("max", "Someone Else")
    other = named("m2", "Max")

    assert said("Max") == other


def test_what_is_near_is_offered(db):
    named("ann", "Ann Lee"), named("bo", "Bo Annis")

    assert said("ann") == User.objects.get(username="ann")
    assert said("annis") == "Nobody is called “annis”. Did you mean Bo Annis?"
    assert said("Anm Lee") == "Nobody is called “Anm Lee”. Did you mean Ann Lee?"
    assert said("Xaver") == "Nobody called “Xaver” can be chosen here. Pick a name from the list."


def test_who_has_left_is_not_found(db):
    person = named("ann", "Ann Lee")
    User.objects.filter(pk=person.pk).update(is_active=False)

    assert "can be chosen here" in said("Ann Lee")


def test_the_list_is_searched_by_the_browser_and_escaped(db):
    named("x", '"><b>')

    html = str(Form()["who"])
    assert 'list="id_who-offered"' in html
    assert '<datalist id="id_who-offered">' in html
    assert "<b>" not in html

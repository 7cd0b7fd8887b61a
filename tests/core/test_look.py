import json
import logging
import re
from pathlib import Path

import pytest
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template import engines
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory

from portal.core.ops.logs import IdentityFilter, JSONFormatter
from portal.core.templatetags.look import control, linked, options
from portal.core.web.context import portal
from portal.views import forbidden, not_found
from tests.reading import as_read

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
INLINE = re.compile(
    r"""<script(?![^>]*\bsrc=)            # a script in the page
      | <style\b
      | \sstyle\s*=                       # the policy refuses it
      | \son[a-z]+\s*=\s*["']             # an event handler
      | \bhx-on\b | \bhx-vals=["']js:     # htmx would need eval
      | (?<!\.html)\|\s*safe\b             # but what our renderer made is final
      | autoescape\s+off""",
    re.VERBOSE,
)


class Signature(forms.Form):
    name = forms.CharField(help_text="As colleagues know you.")
    code = forms.CharField(widget=forms.TextInput(attrs={"placeholder": "Code", "class": "mono"}))
    kind = forms.ChoiceField(choices=[("a", "First"), ("b", "Second")])
    tone = forms.ChoiceField(choices=[("a", "First")], widget=forms.RadioSelect, help_text="One.")
    sure = forms.BooleanField(required=False)


def field(name: str, form: forms.Form | None = None, **words: str) -> str:
    return as_read(render_to_string("_field.html", {"field": (form or Signature())[name], **words}))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_each_template_is_sound(path):
    get_template(path.relative_to(ROOT / "templates").as_posix())

    assert INLINE.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("cookie", "theme"), [("dark", "dark"), ("light", "light"), ('"><script>', ""), ("", "")]
)
def test_only_the_two_themes_are_taken_from_the_cookie(cookie, theme):
    request = RequestFactory().get("/", headers={"cookie": f"theme={cookie}"})

    assert portal(request)["theme"] == theme


def test_a_field_joins_its_label_and_hint():
    html = field("name")

    assert '<label for="id_name">' in html
    assert 'aria-describedby="id_name_helptext"' in html
    assert '<span class="hint" id="id_name_helptext">As colleagues know you.</span>' in html


def test_a_wrong_field_says_so_to_everybody():
    html = field("name", Signature({}))

    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert '<ul class="errors" id="id_name_error"> <li>This field is required.</li> </ul>' in html


def test_words_of_the_page_replace_those_of_the_form():
    html = field("name", label="Your name", hint="In full.")

    assert "Your name" in html
    assert "In full." in html
    assert "colleagues" not in html


def test_what_people_typed_is_escaped():
    html = field("name", Signature({"name": '"><script>alert(1)</script>'}))

    assert "<script>" not in html


@pytest.mark.parametrize(
    ("name", "look"),
    [
        ("name", "form-control"),
        ("code", "form-control mono"),
        ("kind", "form-select"),
        ("sure", "form-check-input"),
    ],
)
def test_each_control_has_the_class_of_its_kind(name, look):
    assert f'class="{look}"' in control(Signature()[name])


def test_a_placeholder_that_repeats_the_label_is_left_out():
    assert "placeholder" not in control(Signature()["code"])


def test_choices_are_a_group_with_a_name():
    html = field("tone")

    assert "<fieldset" in html
    assert '<legend class="label">Tone</legend>' in html
    assert 'class="form-check-input"' in html
    assert 'aria-describedby="id_tone_helptext"' in html


@pytest.mark.parametrize(
    ("level", "tone", "role"),
    [
        (constants.SUCCESS, "is-ok", "status"),
        (constants.INFO, "is-run", "status"),
        (constants.WARNING, "is-warn", "status"),
        (constants.ERROR, "is-bad", "alert"),
    ],
)
def test_messages_stand_in_the_page(level, tone, role):
    html = render_to_string("_messages.html", {"messages": [Message(level, "Saved & sound")]})

    assert f'<div class="note message {tone}" role="{role}">' in html
    assert "Saved &amp; sound" in html


def test_an_error_page_asks_no_database():
    request = RequestFactory().get("/")
    words = {"title": "Something broke", "detail": "It is in the log."}

    request.id = "4f1c"
    html = engines["django"].get_template("error.html").render(words, request)

    assert "Something broke" in html  # the database is closed to this test
    assert "Request number <code>4f1c</code>" in html


@pytest.mark.parametrize("view", [not_found, forbidden])
def test_who_is_signed_in_searches_from_the_page_of_an_error(view, settings):
    request = RequestFactory().get("/nowhere/")
    assert 'role="search"' not in view(request).content.decode()

    request.COOKIES[settings.SESSION_COOKIE_NAME] = "a"  # and asks no database
    assert 'action="/search/"' in view(request).content.decode()


def test_an_unknown_name_of_the_portal_is_said(client, settings):
    settings.ALLOWED_HOSTS = ["portal.example.org"]
    answer = client.get("/account/sign-in/", headers={"host": "10.0.0.5"})

    assert answer.status_code == 400
    assert "PORTAL_HOSTS" in answer.content.decode()


def test_what_is_logged_after_an_answer_has_its_number_too():
    request = RequestFactory().get("/nowhere")
    request.id = "4f1c"
    record = logging.makeLogRecord({"msg": "Not Found", "request": request})

    IdentityFilter().filter(record)
    assert json.loads(JSONFormatter().format(record))["request_id"] == "4f1c"


@pytest.mark.parametrize("chosen", ["b", ["b"], {"b"}])
def test_options_are_escaped_and_the_chosen_are_marked(chosen):
    html = options([("a", "<A>"), ("b", "B")], chosen)

    assert html == '<option value="a">&lt;A&gt;</option><option value="b" selected>B</option>'


def test_own_addresses_in_a_message_are_links_and_others_are_text(settings):
    settings.ADDRESS = "https://ops.example.org"
    text = 'See https://ops.example.org/r/a/?b=1&c=2.\n<i>https://ops.example.org.evil/x "y'

    assert linked(text) == (
        'See <a href="https://ops.example.org/r/a/?b=1&amp;c=2">'
        "https://ops.example.org/r/a/?b=1&amp;c=2</a>.<br>"
        "&lt;i&gt;https://ops.example.org.evil/x &quot;y"
    )

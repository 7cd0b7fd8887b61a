import pytest
from django.http import QueryDict
from rest_framework.exceptions import ValidationError

from portal.core.api.fields import chosen

KNOWN = ("slug", "title", "text")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", KNOWN),
        ("fields=", KNOWN),
        ("fields=,,", KNOWN),
        ("fields=title,slug", ("slug", "title")),
        ("fields=title, title", ("title",)),
        ("omit=text", ("slug", "title")),
        ("fields=title&fields=slug", ("slug", "title")),
        ("fields=title,text&omit=text", ("title",)),
        ("omit=slug,title,text", ()),
    ],
)
def test_it_answers_with_what_was_asked_for_in_the_usual_order(query, names):
    assert chosen(QueryDict(query), KNOWN) == names


def test_a_view_may_leave_large_members_out_until_asked():
    assert chosen(QueryDict(), KNOWN, default=("slug",)) == ("slug",)
    assert chosen(QueryDict("fields=text"), KNOWN, default=("slug",)) == ("text",)


@pytest.mark.parametrize("parameter", ["fields", "omit"])
@pytest.mark.parametrize("text", ["password", "slug,owner__password", "TITLE", "*", "<b>", "%00"])
def test_an_unknown_name_is_refused_with_the_known_ones(parameter, text):
    with pytest.raises(ValidationError) as refused:
        chosen(QueryDict(f"{parameter}={text}"), KNOWN)

    assert "Known: slug, title, text" in str(refused.value.detail[parameter])


def test_the_refusal_is_short_whatever_was_sent():
    names = ",".join(f"x{number}" for number in range(10_000))

    with pytest.raises(ValidationError) as refused:
        chosen(QueryDict(f"fields={names}"), KNOWN)

    assert len(str(refused.value.detail["fields"])) < 200

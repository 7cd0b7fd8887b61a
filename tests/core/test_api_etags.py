import pytest
from django.test import RequestFactory

from portal.core.api.etags import (
    is_unchanged,
    of_content,
    of_format,
    refuse_new,
    require_match,
)
from portal.core.problems import PreconditionRequired, Stale

NOW = '"v17-1a2b3c4d"'


def sent(**headers):
    return RequestFactory().get("/", headers=headers)


@pytest.mark.parametrize(
    "header",
    [NOW, f"W/{NOW}", "*", f'"v1-0", {NOW}', f'"v1-0",{NOW},"x"', f" {NOW} ", f'"a,b", W/{NOW}'],
)
def test_a_client_that_has_it_is_told_so(header):
    assert is_unchanged(sent(if_none_match=header), NOW)


@pytest.mark.parametrize(
    "header",
    ["", '"v16-1a2b3c4d"', "v17-1a2b3c4d", NOW[:-1], '"', ",", "**", 'W/"', '"' * 9999, '"v17"'],
)
def test_anything_else_is_no_match(header):
    assert not is_unchanged(sent(if_none_match=header), NOW)


def test_what_has_no_tag_matches_nothing():
    assert not is_unchanged(sent(if_none_match="*"), "")


def test_a_write_must_say_what_it_is_based_on():
    with pytest.raises(PreconditionRequired) as refused:
        require_match(sent(), NOW)

    assert refused.value.extra == {"current": NOW}


@pytest.mark.parametrize("header", [NOW, "*", f'"old", {NOW}', '"v17-1a2b3c4d.markdown"'])
def test_a_write_on_top_of_the_current_state_passes(header):
    assert require_match(sent(if_match=header), NOW) is None


@pytest.mark.parametrize("header", ['"v16-00000000"', f"W/{NOW}", "v17", '"', ",", f"{NOW[:-1]}x"])
def test_a_stale_write_learns_the_current_state_and_the_difference(header):
    with pytest.raises(Stale) as refused:
        require_match(sent(if_match=header), NOW, difference="/runbooks/x/compare/16/17/")

    assert refused.value.extra == {"current": NOW, "difference": "/runbooks/x/compare/16/17/"}


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_only_put_is_for_an_address_where_nothing_is(method):
    new = {"If-None-Match": " * "}

    with pytest.raises(Stale):
        refuse_new(RequestFactory().generic(method, "/", headers=new))
    assert refuse_new(RequestFactory().put("/", headers=new)) is None
    assert refuse_new(RequestFactory().generic(method, "/", headers={"If-None-Match": NOW})) is None


def test_strong_tags_differ_between_representations():
    assert of_format(NOW, "json") == NOW
    assert of_format(NOW, "markdown") == '"v17-1a2b3c4d.markdown"'
    assert of_format("", "html") == ""


def test_the_tag_of_an_answer_is_that_of_its_content():
    assert of_content(b"a") == of_content(b"a") != of_content(b"b")

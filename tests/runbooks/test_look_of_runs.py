"""What the template tags of runbooks write."""

from types import SimpleNamespace

from portal.core.markdown.substitution import Filled
from runbooks.templatetags.runbook_look import step_title


def test_the_options_of_a_command_in_a_title_stay_in_one_piece():
    html = 'A well-known one: <code>kubectl -n <span data-param="a-b">shop</span> get</code>'
    line = SimpleNamespace(title="", title_html=Filled(html))

    assert step_title(line) == html.replace(" -n ", ' <span class="piece">-n</span> ')

"""Of a page only the outermost template is remembered, not each part that it includes.

`response.context` stays what the view gave. Copying the contexts of all parts, as Django's client
does, took a twentieth of the suite.
"""

import pytest
from django.test import client

remember = client.store_rendered_templates


def remember_first(store, *arguments, **named) -> None:
    if "templates" not in store:
        remember(store, *arguments, **named)


@pytest.fixture(autouse=True, scope="session")
def first_template_only():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "store_rendered_templates", remember_first)
        yield

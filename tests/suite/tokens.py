"""The random tokens of forms spell nothing that a test looks for, or looks for in vain.

A page carries a token of 64 letters and digits for each form. Drawn from all of them, one in some
hundred runs holds a "v0" and fails a test by chance.
"""

import pytest
from django.middleware import csrf

SPELL_NOTHING = "QXZ"


@pytest.fixture(autouse=True, scope="session")
def tokens_spell_nothing():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csrf, "CSRF_ALLOWED_CHARS", SPELL_NOTHING)
        yield

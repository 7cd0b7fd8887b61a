"""What stands in a page by chance decides no test: tests/suite/tokens.py."""

import re

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def test_the_tokens_of_a_page_spell_no_word_and_differ(client, db):
    pages = [client.get("/account/sign-in/").content.decode() for _ in range(2)]
    tokens = [TOKEN.search(page)[1] for page in pages]

    assert tokens[0] != tokens[1]
    assert {len(token) for token in tokens} == {64} and set("".join(tokens)) <= set("QXZ")

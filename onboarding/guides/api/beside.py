"""What the one search finds beside runbooks."""

from onboarding.guides.listing import Found, guides_having, questions_having


def beside(words: str, request, limit: int) -> dict:
    """Members of the answer of the search: guides and questions, where a token may read them."""
    is_allowed = not request.auth or request.auth.allows("onboarding", write=False)
    asked = {"user": request.user, "limit": limit}
    words = words[:200] if is_allowed else ""
    return {
        "guides": [_row(each) for each in guides_having(words, **asked)],
        "questions": [_row(each) for each in questions_having(words, **asked)],
    }


def _row(found: Found) -> dict:
    return {"slug": found.slug, "title": found.title, "line": found.line, "url": found.address}

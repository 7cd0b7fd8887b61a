from django.conf import settings


def absolute(path: str) -> str:
    """The address of a page for readers outside of the portal, such as in a mail."""
    return settings.ADDRESS.rstrip("/") + path

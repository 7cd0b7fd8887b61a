from functools import cache

from django.conf import settings
from django.templatetags.static import static

THEMES = {"light", "dark"}

# a page names a dozen static files, and the manifest takes longer to ask than to remember
address = cache(static)


def portal(request) -> dict[str, str]:
    """What every page needs: the site's name, the address of the icons, the chosen theme."""
    theme = request.COOKIES.get("theme", "")
    return {
        "site_name": settings.SITE_NAME,
        "sprite": address("vendor/icons.svg"),
        "theme": theme if theme in THEMES else "",
    }

from django.conf import settings
from django.templatetags.static import static

THEMES = {"light", "dark"}


def portal(request) -> dict[str, str]:
    """What every page needs: the site's name, the address of the icons, the chosen theme."""
    theme = request.COOKIES.get("theme", "")
    return {
        "site_name": settings.SITE_NAME,
        "sprite": static("vendor/icons.svg"),
        "theme": theme if theme in THEMES else "",
    }

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SearchConfig(AppConfig):
    name = "portal.search"
    label = "search"
    verbose_name = "Search"

    def ready(self):
        from portal.core.ops import engine  # models are loaded by now, and not before

        from . import jobs
        from .offers import channels  # noqa: F401 (it registers its kind)

        engine.register("search", jobs.catch_up)
        engine.register("search of what stands below it", jobs.Following())
        # Each app says in its own `search.py` what it offers. Here and not in the apps: all models
        # are loaded by now, and an app that offers something needs no line of its own for it.
        autodiscover_modules("search")

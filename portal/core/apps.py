from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "portal.core"
    label = "core"
    verbose_name = "Kernel"

    def ready(self):
        from portal.core.ops import checks  # noqa: F401  (registers them)

        autodiscover_modules("jobs")  # of every app: they register themselves with the engine

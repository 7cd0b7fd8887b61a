from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "portal.core"
    label = "core"
    verbose_name = "Kernel"

    def ready(self):
        from portal.core.ops import checks  # noqa: F401  (registers them)

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "portal.notifications"
    label = "notifications"
    verbose_name = "Notifications"

    def ready(self):
        from portal.core.ops import engine

        from . import jobs

        engine.register("beat", jobs.beat)
        engine.register("deliveries", jobs.deliver)
        engine.register("forgetting deliveries", jobs.forget)

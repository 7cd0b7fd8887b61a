from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "portal.notifications"
    label = "notifications"
    verbose_name = "Notifications"

    def ready(self):
        from portal.core import engine

        from . import duties

        engine.register("beat", duties.beat)
        engine.register("deliveries", duties.deliver)
        engine.register("forgetting deliveries", duties.forget)

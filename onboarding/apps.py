from django.apps import AppConfig


class OnboardingConfig(AppConfig):
    name = "onboarding"
    verbose_name = "Onboarding"

    def ready(self):
        from portal.core import engine

        from . import duties

        engine.register("reminders of guides", duties.Hourly(duties.remind))
        engine.register("forgetting progress", duties.Hourly(duties.anonymise))

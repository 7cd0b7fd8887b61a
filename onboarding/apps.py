from django.apps import AppConfig


class OnboardingConfig(AppConfig):
    name = "onboarding"
    verbose_name = "Onboarding"

    def ready(self):
        from portal.core.ops import engine

        from . import jobs

        engine.register("reminders of guides", jobs.Hourly(jobs.remind))
        engine.register("forgetting progress", jobs.Hourly(jobs.anonymise))

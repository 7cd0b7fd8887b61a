from django.apps import AppConfig


class ArchitectureConfig(AppConfig):
    name = "portal.architecture"
    label = "architecture"
    verbose_name = "Architecture"

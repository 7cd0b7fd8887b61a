"""What every app may offer, by one name at its root, so that the house is a loop over apps.

`attention` (cards of the first page), `navigation` (lines of the rail), `demo` (its part of the
demo), and whatever else the apps agree on. None of the loops names an app.
"""

from functools import cache
from importlib import import_module
from types import ModuleType

from django.apps import apps
from django.utils.module_loading import module_has_submodule


@cache
def offered(name: str) -> tuple[ModuleType, ...]:
    """The modules of this name of the installed apps that have one, in the order of the apps."""
    having = (
        config for config in apps.get_app_configs() if module_has_submodule(config.module, name)
    )
    return tuple(import_module(f"{config.name}.{name}") for config in having)

from .configuration import ConfigurationItem
from .dependencies import Classification, Dependency
from .integrations import Integration
from .service import Service, ServiceKind
from .zones import Zone

__all__ = [
    "Classification",
    "ConfigurationItem",
    "Dependency",
    "Integration",
    "Service",
    "ServiceKind",
    "Zone",
]

from django import forms

from portal.architecture.models import ConfigurationItem, Dependency, Integration, Service
from portal.architecture.models.plain import LONGEST_ADDRESS


class AddressField(forms.URLField):
    """An address of http or https; without a scheme https is meant."""

    def __init__(self):
        super().__init__(required=False, max_length=LONGEST_ADDRESS, assume_scheme="https")


class ServiceForm(forms.ModelForm):
    """What operators say of a service."""

    repository = AddressField()
    logs = AddressField()
    dashboard = AddressField()

    class Meta:
        model = Service
        fields = [
            *("name", "slug", "kind", "owner", "tier", "zone", "part_of", "description"),
            *("repository", "logs", "dashboard"),
        ]


class DependencyForm(forms.ModelForm):
    """What a service needs. The model says what does not go together."""

    class Meta:
        model = Dependency
        fields = [
            *("target", "integration", "hard", "protocol", "port"),
            *("data", "classification", "description"),
        ]


class ConfigurationItemForm(forms.ModelForm):
    """What a service is told from outside; never the value of a secret."""

    class Meta:
        model = ConfigurationItem
        fields = [
            *("name", "kind", "purpose", "required", "example", "kept_in"),
            *("rotation_days", "rotated_on"),
        ]


class IntegrationForm(forms.ModelForm):
    """What operators say of a system of somebody else."""

    address = AddressField()
    status_page = AddressField()

    class Meta:
        model = Integration
        fields = [
            *("name", "slug", "description", "provider", "direction"),
            *("address", "status_page", "contact", "owner"),
        ]

from django import forms

from .models import Service


class ServiceForm(forms.ModelForm):
    """What operators say of a service."""

    class Meta:
        model = Service
        fields = ["name", "slug", "owner", "tier", "description"]

"""What the API says of services."""

from rest_framework import serializers


class ServiceSerializer(serializers.Serializer):
    slug = serializers.SlugField()
    name = serializers.CharField()
    description = serializers.CharField()
    owner = serializers.CharField(allow_null=True, help_text="Slug of the team.")
    tier = serializers.IntegerField(min_value=1, max_value=4)

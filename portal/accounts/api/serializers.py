"""What the API says of people and teams."""

from rest_framework import serializers


class TeamSerializer(serializers.Serializer):
    slug = serializers.SlugField()
    name = serializers.CharField()
    email = serializers.CharField(allow_blank=True)

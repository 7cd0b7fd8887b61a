"""What the search answers, for the document of the API."""

from rest_framework import serializers


class HitSerializer(serializers.Serializer):
    type = serializers.CharField(help_text="`runbook`, `service`, `guide`, `question`, …")
    slug = serializers.CharField()
    title = serializers.CharField()
    line = serializers.CharField(help_text="What it is for, in one line.")
    url = serializers.CharField(help_text="The page for people.")
    excerpt = serializers.CharField(help_text="Matches stand between ** and **.")
    score = serializers.FloatField()
    section = serializers.CharField(required=False, help_text="Of a runbook.")
    kind = serializers.CharField(required=False, help_text="Of a runbook.")


class FoundSerializer(serializers.Serializer):
    slug = serializers.CharField()
    title = serializers.CharField()
    line = serializers.CharField(
        help_text="What a service or guide is for; the topic of a question."
    )
    url = serializers.CharField(help_text="The page for people.")


class ResultsSerializer(serializers.Serializer):
    total = serializers.IntegerField(help_text="Of all types; exact below 2,000.")
    corrected = serializers.CharField(
        allow_null=True,
        help_text="What was looked for instead, when nothing has the words, or nothing has the "
        "address, path, code, version or quoted text as it stands.",
    )
    types = serializers.DictField(
        child=serializers.IntegerField(), help_text="How many there are of each type."
    )
    results = HitSerializer(many=True, help_text="Of all types, the best first.")
    services = FoundSerializer(many=True, help_text="The best services.")
    guides = FoundSerializer(many=True, help_text="The best guides.")
    questions = FoundSerializer(many=True, help_text="The best questions.")

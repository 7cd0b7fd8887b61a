"""Channels: found by those who see them on their page."""

from django.urls import reverse

from portal.notifications.models import Channel
from portal.search.registry import OWNER, Kind, Text, register


def text_of(channel: Channel) -> Text:
    """Nothing of its address: that is a secret."""
    return Text(
        title=channel.name,
        about=channel.get_kind_display(),
        line=f"Messages to {channel.team}" if channel.team else "Messages to everybody",
    )


register(
    Kind(
        name="channel",
        label="Channel",
        plural="Channels",
        icon="send",
        rows=lambda: Channel.objects.select_related("team"),
        text=text_of,
        address=lambda slug: reverse("notifications:channel", args=[slug]),
        permission="notifications.view_channel",
        unpublished="notifications.view_channel",
        filters={OWNER: "team__slug"},
        seen=Channel.objects.visible,
        is_followed=True,
    )
)

"""What the portal sent to whom: to read, to send again, and not to send any more."""

from django.contrib import admin, messages

from portal.core.data import clock
from portal.core.problems import DomainError
from portal.core.web.cells import shown
from portal.core.web.desk import Line, Part, Wait
from portal.core.web.narrow import Narrow

from .deliveries.status import status_of
from .models import Attempt, Delivery, DeliveryState


class AttemptInline(admin.TabularInline):
    """Every time that it was handed over, to read."""

    model = Attempt
    extra = 0
    can_delete = False
    fields = ("number", "began_at", "seconds", "answer", "error")
    readonly_fields = fields

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("notifications.view_delivery")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Delivery)
class DeliveryAdmin(Narrow, admin.ModelAdmin):
    list_display = ("subject", "to", "standing", "attempts", "due_at", "sent_at")
    list_filter = ("state", "urgency", "transport")
    list_per_page = 50
    search_fields = ("subject", "to", "key")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    fields = (
        *("subject", "to", "recipient", "channel", "urgency", "transport", "standing"),
        *("text", "key", "message_id"),
        *("created_at", "due_at", "sent_at", "attempts", "last_error"),
    )
    readonly_fields = fields
    inlines = (AttemptInline,)
    actions = ("send_again", "expire")

    @admin.display(description="state", ordering="state")
    def standing(self, delivery):
        return shown(status_of(delivery), delivery.last_error)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_send_permission(self, request):
        return request.user.has_perm("notifications.send_delivery")

    @admin.action(description="Send the chosen deliveries again", permissions=["send"])
    def send_again(self, request, deliveries):
        sent = 0
        for delivery in deliveries.select_related("recipient"):
            try:
                delivery.send_again(by=request.user)
            except DomainError as refusal:
                messages.warning(request, f"{delivery}: {refusal.detail}")
            else:
                sent += 1
        messages.success(request, f"Queued: {sent}. The engine sends them.")

    @admin.action(description="Do not send the chosen deliveries any more", permissions=["send"])
    def expire(self, request, deliveries):
        now = clock.now()
        expired = sum(delivery.expire(by=request.user, at=now) for delivery in deliveries)
        messages.success(request, f"Expired: {expired}. What has ended or is being sent stays.")


def failed():
    return Delivery.objects.filter(state=DeliveryState.FAILED)


DESK = (
    Line(
        Part.OPERATIONS,
        10,
        "Deliveries",
        "Messages by e-mail and to channels; send again or stop",
        "send",
        "notifications.delivery",
        waits=(Wait(failed, "failed", "state__exact=failed", "bad"),),
        rail=("Deliveries", "inbox"),
    ),
)

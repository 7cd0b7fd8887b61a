from django.urls import URLPattern

app_name = "monitoring"

urlpatterns: list[URLPattern] = []

# What other tools send alerts to, below /in/: a key in the address, or in the body, opens it.
intake_urls: list[URLPattern] = []

# What clients of healthchecks call, below /ping/: an address that is the key itself.
ping_urls: list[URLPattern] = []

"""The addresses of the portal, and what every page costs somebody who is signed in."""

from django.shortcuts import render
from django.urls import path

from portal import urls
from portal.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def floor(request):
    """A page that shows nothing: sign-in, rail, the line of what is open, and the frame."""
    return render(request, "base.html")


urlpatterns = [*urls.urlpatterns, path("bench/floor/", floor)]

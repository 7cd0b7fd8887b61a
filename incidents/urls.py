"""Incidents and the policies by which people are called for them, below /incidents/."""

from django.urls import URLPattern, path

from .communication import templates
from .communication import views as communication
from .escalation import views as policies
from .room import views as room

app_name = "incidents"

COMMUNICATION = "<int:number>/communications/<int:pk>/"

communication_urls = [
    path("communication/templates/", templates.templates, name="communication-templates"),
    path("communication/templates/new/", templates.new, name="new-communication-template"),
    path("communication/templates/<slug:slug>/", templates.template, name="communication-template"),
    path("communication/audiences/", templates.audiences, name="audiences"),
    path("<int:number>/communicate/", communication.desk, name="communicate"),
    path(COMMUNICATION, communication.communication, name="communication"),
    path(COMMUNICATION + "submit/", communication.submit, name="submit-communication"),
    path(COMMUNICATION + "send/", communication.send, name="send-communication"),
    path(COMMUNICATION + "approve/", communication.approve, name="approve-communication"),
    path(COMMUNICATION + "send-back/", communication.send_back, name="send-back-communication"),
    path(COMMUNICATION + "withdraw/", communication.withdraw, name="withdraw-communication"),
    path(COMMUNICATION + "retry/", communication.retry, name="retry-communication"),
]

urlpatterns: list[URLPattern] = [
    *communication_urls,
    path("policies/<slug:slug>/", policies.policy, name="policy"),
    path("<int:number>/", room.incident, name="incident"),
]

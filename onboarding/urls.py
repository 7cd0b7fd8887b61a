from django.urls import path

from .views import media, stand_in

app_name = "onboarding"

urlpatterns = [
    path("media/<str:name>", media.picture, name="picture"),
    path("videos/<str:name>", media.video, name="video"),
    path("<slug:slug>/", stand_in.guide, name="guide"),
]

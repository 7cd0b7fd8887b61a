from django.urls import path

from .views import media

app_name = "onboarding"

urlpatterns = [
    path("media/<str:name>", media.picture, name="picture"),
    path("videos/<str:name>", media.video, name="video"),
]

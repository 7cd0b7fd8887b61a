from django.urls import path

from .views import media, pictures, printing, videos

app_name = "onboarding"

urlpatterns = [
    path("media/<str:name>", media.picture, name="picture"),
    path("videos/<str:name>", media.video, name="video"),
    path("videos/<int:pk>/captions.vtt", media.captions, name="captions"),
    path("videos/<int:pk>/chapters.vtt", media.chapters, name="chapters"),
    path("<slug:slug>/videos/new/", videos.add, name="video-new"),  # portal.wsgi
    path("<slug:slug>/pictures/", pictures.compare, name="pictures"),
    path("<slug:slug>/guide.pdf", printing.pdf, name="pdf"),
    path("<slug:slug>/", pictures.compare, name="guide"),  # the reading branch has the real one
]

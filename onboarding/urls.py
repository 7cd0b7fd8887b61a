from django.urls import path

from .views import about_me, following, media, questions, reading

app_name = "onboarding"

urlpatterns = [
    path("", reading.guides, name="guides"),
    path("me/", about_me.me, name="me"),
    path("questions/", questions.questions, name="questions"),
    path("questions/<slug:slug>/judge/", questions.judge, name="judge"),
    path("media/<str:name>", media.picture, name="picture"),
    path("videos/<str:name>", media.video, name="video"),
    path("videos/<int:pk>/captions.vtt", media.captions, name="captions"),
    path("videos/<int:pk>/chapters.vtt", media.chapters, name="chapters"),
    path("<slug:slug>/", reading.guide, name="guide"),
    path("<slug:slug>/all/", reading.whole, name="whole"),
    path("<slug:slug>/start/", following.start, name="start"),
    path("<slug:slug>/move-over/", following.move_over, name="move-over"),
    path("<slug:slug>/acknowledge/", following.acknowledge, name="acknowledge"),
    path("<slug:slug>/steps/<uuid:key>/", following.step, name="step"),
    path("<slug:slug>/steps/<uuid:key>/done/", following.done, name="done"),
    path("<slug:slug>/steps/<uuid:key>/undo/", following.undo, name="undo"),
    path("<slug:slug>/steps/<uuid:key>/seen/", following.seen, name="seen"),
    path("<slug:slug>/steps/<uuid:key>/stuck/", following.stuck, name="stuck"),
]

from django.urls import path

from bench import floor
from portal import urls

urlpatterns = [
    path("api/v1/floor/<int:pk>/", floor.by_token),
    path("floor/<int:pk>/", floor.by_session),
    *urls.urlpatterns,
]
handler404 = urls.handler404
handler500 = urls.handler500

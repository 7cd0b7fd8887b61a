from django.urls import path

from .favourites import views as favourites
from .palette import views as palette
from .results import views

urlpatterns = [
    path("", views.search, name="search"),
    path("favourites/", favourites.favourite_list, name="favourites"),
    path("palette/", palette.palette, name="palette"),
]

"""Home, search, language and saved views."""

from django.urls import path

from .views import gallery, home

app_name = "ui"
urlpatterns = [
    path("", home.HomePage.as_view(), name="home"),
    path("search/", home.SearchPage.as_view(), name="search"),
    path("language/", home.language, name="language"),
    path("saved-views/", home.save_view, name="save-view"),
    path("saved-views/<int:pk>/delete/", home.forget_view, name="forget-view"),
    path("ui/gallery", gallery.GalleryPage.as_view(), name="gallery"),
]

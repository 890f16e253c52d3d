"""Addresses of the messages."""

from django.urls import path

from . import views

app_name = "notices"
urlpatterns = [
    path("", views.notice_list, name="list"),
    path("bell", views.bell, name="bell"),
    path("read", views.read_all, name="read-all"),
    path("<int:pk>/open", views.open_notice, name="open"),
]

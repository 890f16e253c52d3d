"""Addresses of sign-in, profile and password."""

from django.urls import URLPattern

app_name = "accounts"
urlpatterns: list[URLPattern] = []

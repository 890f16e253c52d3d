"""Addresses of uploads."""

from django.urls import path

from . import views

urlpatterns = [
    path("files", views.UploadView.as_view(), name="file-upload"),
    path("files/uploads", views.PartialsView.as_view(), name="uploads"),
    path("files/uploads/<uuid:uid>", views.PartialView.as_view(), name="upload"),
    path("files/<uuid:uid>", views.AttachmentView.as_view(), name="file-detail"),
]

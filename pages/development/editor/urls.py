"""The editor's URLs."""

from django.urls import path

from . import views

urlpatterns = [
    path("open", views.open_part),
    path("check", views.check_part),
    path("save", views.save_part),
]

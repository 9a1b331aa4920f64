"""Addresses of the first run, beneath /start/."""

from django.urls import path

from shuoshi.config.first_run import views

app_name = "first_run"
urlpatterns = [
    path("", views.choose, name="choose"),
    path("institution/", views.found, name="found"),
    path("demo/", views.demo, name="demo"),
]

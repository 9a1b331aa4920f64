from django.urls import path

from bench.bare import views

urlpatterns = [
    path("healthz", views.healthz),
    path("cases/", views.listed, name="list"),
    path("cases/new/", views.register, name="register"),
    path("cases/<str:number>/", views.shown, name="case"),
]

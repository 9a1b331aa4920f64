"""Addresses of the archive."""

from django.urls import path

from shuoshi.desk.views.archive import appraisal, dossiers

urlpatterns = [
    path("archive/", appraisal.archive, name="archive"),
    path("archive/asked/", appraisal.erasure_asked, name="erasure_asked"),
    path("archive/lists/<uuid:key>/", appraisal.destruction, name="destruction"),
    path("archive/lists/<uuid:key>/pdf/", appraisal.destruction_pdf, name="destruction_pdf"),
    path("archive/made/<uuid:key>/", dossiers.made_file, name="made_file"),
    path("matters/<str:number>/dossier/", dossiers.dossier, name="dossier"),
]

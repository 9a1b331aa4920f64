"""Addresses of the settings, below /desk/settings/."""

from django.urls import path

from shuoshi.desk.views.settings import duties, institution, places, seconds, templates, units

urlpatterns = [
    path("settings/", institution.home, name="settings"),
    path("settings/institution/", institution.institution, name="set_institution"),
    path("settings/calendar/", institution.calendar, name="set_calendar"),
    path("settings/profile/", institution.rules, name="set_profile"),
    path("settings/papers/", templates.templates, name="set_templates"),
    path("settings/papers/<slug:kind>/", templates.template, name="set_template"),
    path("settings/papers/<slug:kind>/use/", templates.template_use, name="set_template_use"),
    path("settings/papers/<slug:kind>/page/", templates.template_page, name="set_template_page"),
    path("settings/papers/<slug:kind>/file/", templates.template_file, name="set_template_file"),
    path("settings/units/", units.units, name="set_units"),
    path("settings/units/new/", units.new_unit, name="set_unit_new"),
    path("settings/units/<uuid:key>/", units.unit, name="set_unit"),
    path("settings/people/", units.everybody, name="set_people"),
    path("settings/people/new/", units.new_person, name="set_person_new"),
    path("settings/people/<uuid:key>/", units.person, name="set_person"),
    path("settings/seconds/", seconds.seconds, name="set_seconds"),
    path("settings/areas/", places.areas, name="set_areas"),
    path("settings/areas/new/", places.new_area, name="set_area_new"),
    path("settings/areas/<uuid:key>/", places.area, name="set_area"),
    path("settings/points/", places.points, name="set_points"),
    path("settings/points/new/", places.new_point, name="set_point_new"),
    path("settings/points/<uuid:key>/", places.point, name="set_point"),
    path("settings/duties/", duties.duties, name="set_duties"),
    path("settings/roster/", duties.roster, name="set_roster"),
]

"""Addresses of the settings, below /desk/settings/."""

from django.urls import path

from shuoshi.desk.views.settings import duties, institution, places, roll, rules, seconds, start, units

urlpatterns = [
    path("settings/", institution.home, name="settings"),
    path("settings/start/", start.start, name="set_start"),
    path("settings/roll/", roll.upload, name="set_roll"),
    path("settings/roll/form.xlsx", roll.blank, name="set_roll_form"),
    path("settings/roll/take-in/", roll.take_in, name="set_roll_take_in"),
    path("settings/institution/", institution.institution, name="set_institution"),
    path("settings/calendar/", institution.calendar, name="set_calendar"),
    path("settings/profile/", rules.rules, name="set_profile"),
    path("settings/profile/versions/<int:number>/", rules.version, name="set_profile_version"),
    path("settings/profile/edit/", rules.hub, name="set_rules"),
    path("settings/profile/edit/categories/", rules.categories, name="set_rules_categories"),
    path("settings/profile/edit/categories/<slug:code>/", rules.category, name="set_rules_category"),
    path("settings/profile/edit/categories/<slug:code>/<slug:asked>/", rules.question, name="set_rules_question"),
    path("settings/profile/edit/limits/", rules.limits, name="set_rules_limits"),
    path("settings/profile/edit/numbers/", rules.numbers, name="set_rules_numbers"),
    path("settings/profile/edit/texts/<slug:section>/", rules.texts, name="set_rules_texts"),
    path("settings/profile/edit/preview/", rules.preview, name="set_rules_preview"),
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

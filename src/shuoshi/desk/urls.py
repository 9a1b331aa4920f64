"""Addresses of the desk, all below /desk/."""

from django.urls import path

from shuoshi.desk.views import (
    act,
    matter,
    me,
    my_day,
    overview,
    palette,
    papers,
    people,
    queues,
    receipts,
    register,
    reset,
    reveal,
    search,
    shown,
    sign_in,
)
from shuoshi.desk.views.settings import urls as settings_urls

app_name = "desk"
urlpatterns = [
    path("", my_day.my_day, name="my_day"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("reset/", reset.reset, name="reset"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("me/", me.me, name="me"),
    path("me/password/", me.password, name="password"),
    path("me/second-factor/", me.second_factor, name="second_factor"),
    path("me/recovery-codes/", me.recovery_codes, name="recovery_codes"),
    path("me/sign-out-elsewhere/", me.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("me/looks/", me.looks, name="looks"),
    path("all/", palette.everything, name="everything"),
    path("notices/<uuid:key>/", my_day.read, name="notice_read"),
    path("queues/<slug:name>/", queues.queue, name="queue"),
    path("register/", register.register, name="register"),
    path("register/beside/", register.aside, name="register_aside"),
    path("register/draft/", register.draft, name="register_draft"),
    path("register/draft/drop/", register.drop_draft, name="register_drop"),
    path("uploads/<uuid:key>/", shown.upload, name="upload"),
    path("search/", search.search, name="search"),
    path("overview/", overview.overview, name="overview"),
    path("overview/<slug:name>/", overview.listed, name="listed"),
    path("receipts/", receipts.receipts, name="receipts"),
    path("people/<uuid:key>/", people.person, name="person"),
    path("matters/<str:number>/", matter.matter, name="matter"),
    path("matters/<str:number>/as-resident/", shown.as_resident, name="as_resident"),
    path("matters/<str:number>/receipt/", receipts.slip, name="slip"),
    path("matters/<str:number>/files/<uuid:key>/", shown.attachment, name="attachment"),
    path("matters/<str:number>/parties/<uuid:party>/", reveal.reveal, name="reveal"),
    path("matters/<str:number>/papers/<slug:name>/", papers.paper, name="paper"),
    *settings_urls.urlpatterns,
    path("matters/<str:number>/<slug:action>/", act.act, name="act"),
    path("matters/<str:number>/<slug:action>/draft/", matter.draft, name="composed"),
]

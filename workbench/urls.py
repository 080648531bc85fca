"""Addresses of the pages that join everything."""

from django.urls import path

from workbench import views

app_name = "workbench"
urlpatterns = [
    path("", views.today, name="today"),
    path("today/<int:duty_id>/postpone/", views.postpone, name="postpone"),
    path("team/", views.team, name="team"),
    path("team/compliance/", views.compliance, name="compliance"),
    path("team/<int:staff_id>/urge/", views.urge, name="urge"),
    path("team/<int:staff_id>/cover/", views.cover, name="cover"),
    path("duties/", views.duty_list, name="duty_list"),
    path("approvals/", views.approvals, name="approvals"),
    path("approvals/excuses/<int:excuse_id>/", views.decide_excuse, name="decide_excuse"),
    path("approvals/tiers/<int:proposal_id>/", views.decide_tier, name="decide_tier"),
    path("customers/movements/", views.movements, name="movements"),
    path("customers/<int:pk>/", views.customer, name="customer"),
    path("customers/<int:pk>/timeline/", views.customer_timeline, name="customer_timeline"),
    path("customers/<int:pk>/care/", views.customer_care, name="customer_care"),
    path("customers/<int:pk>/dial/", views.dial, name="dial"),
    path("customers/<int:pk>/message/", views.message, name="message"),
    path("customers/<int:pk>/excuse/<int:duty_id>/", views.ask_excuse, name="ask_excuse"),
    path("log/", views.log_visit, name="log_visit"),
    path("log/customers/", views.log_customers, name="log_customers"),
    path("log/people/", views.log_people, name="log_people"),
    path("log/undo/<int:visit_id>/", views.undo_visit, name="undo_visit"),
    path("log/pass-on/", views.pass_on, name="pass_on"),
    path("dials/<int:tap_id>/dismiss/", views.dismiss_dial, name="dismiss_dial"),
    path("tasks/<int:task_id>/done/", views.close_task, name="close_task"),
    path("offline/", views.offline, name="offline"),
    path("offline/bundle/", views.offline_bundle, name="offline_bundle"),
    path("offline/state/", views.offline_state, name="offline_state"),
    path("offline/close-day/", views.offline_close_day, name="offline_close_day"),
    path("offline/send/", views.offline_send, name="offline_send"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("sw.js", views.service_worker, name="service_worker"),
    path("registers/call-details/<int:pk>/print/", views.call_detail_sheet, name="call_detail_sheet"),
    path("search/", views.palette, name="palette"),
]

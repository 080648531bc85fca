"""Addresses of plans; visits.urls takes them in."""

from django.urls import URLPattern, path

from visits.views import plan_files, plans

plan_patterns: list[URLPattern] = [
    path("plan/", plans.plan, name="plan"),
    path("plan/draft/", plans.plan_draft, name="plan_draft"),
    path("plan/team/", plans.plan_team, name="plan_team"),
    path("plan/items/", plans.plan_item_list, name="plan_item_list"),
    path("plan/items/<int:pk>/", plans.plan_item, name="plan_item"),
    path("plan/items/<int:pk>/move/", plans.plan_item_move, name="plan_item_move"),
    path("plan/items/<int:pk>/remove/", plans.plan_item_remove, name="plan_item_remove"),
    path("plan/items/<int:pk>/restore/", plans.plan_item_restore, name="plan_item_restore"),
    path("plan/calendar/", plan_files.plan_calendar, name="plan_calendar"),
    path("calendar/<str:token>.ics", plan_files.plan_ics, name="plan_ics"),
    path("plan/<int:pk>/accept/", plans.plan_accept, name="plan_accept"),
    path("plan/<int:pk>/focus/", plans.plan_focus, name="plan_focus"),
    path("plan/<int:pk>/add/", plans.plan_item_add, name="plan_item_add"),
    path("plan/<int:pk>/relevel/", plans.plan_relevel, name="plan_relevel"),
    path("plan/<int:pk>/print/", plan_files.plan_print, name="plan_print"),
    path("plan/<int:pk>/out/<int:customer_id>/", plans.plan_leave_out, name="plan_leave_out"),
]

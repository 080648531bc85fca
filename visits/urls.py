"""Addresses of keeping in touch."""

from django.urls import path

from visits import views
from visits.journal_urls import journal_patterns
from visits.plan_urls import plan_patterns
from visits.report_urls import report_patterns
from visits.shop_urls import shop_patterns
from visits.truth_urls import truth_patterns
from visits.voice_urls import voice_patterns

app_name = "visits"
urlpatterns = [
    *journal_patterns,
    *plan_patterns,
    *truth_patterns,
    path("visits/", views.visit_list, name="visit_list"),
    path("visits/reception/", views.reception_log, name="reception_log"),
    *voice_patterns,
    *report_patterns,
    *shop_patterns,
    path("visits/figures/", views.visit_figures, name="visit_figures"),
    path("visits/photos/add/", views.photo_add, name="photo_add"),
    path("visits/photos/<int:pk>/", views.photo, name="photo"),
    path("visits/<int:pk>/", views.visit_detail, name="visit_detail"),
    path("visits/<int:pk>/mend/", views.visit_mend, name="visit_mend"),
    path("visits/<int:pk>/undo/", views.visit_undo, name="visit_undo"),
    path("visits/<int:pk>/note/", views.visit_note, name="visit_note"),
    path("visits/<int:pk>/remark/", views.visit_remark, name="visit_remark"),
    path("duties/<int:duty_id>/excuse/", views.excuse_new, name="excuse_new"),
    path("excuses/<int:pk>/", views.excuse_decide, name="excuse_decide"),
    path("excuses/<int:pk>/withdraw/", views.excuse_withdraw, name="excuse_withdraw"),
    path("settings/what-counts/", views.what_counts, name="what_counts"),
]

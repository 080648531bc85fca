"""Addresses of the journal; visits.urls takes them in."""

from django.urls import URLPattern, path

from visits.views import check_ins, day_logs, journal_figures, prints, reviews, special, switches

journal_patterns: list[URLPattern] = [
    path("visits/<int:pk>/sign/", check_ins.check_in_sign, name="check_in_sign"),
    path("visits/<int:pk>/sign/customer/", check_ins.check_in_customer, name="check_in_customer"),
    path("visits/<int:pk>/sign/link/", check_ins.check_in_link, name="check_in_link"),
    path("visits/<int:pk>/signature/", check_ins.signature_image, name="signature_image"),
    path("journal/", day_logs.day_log_list, name="day_log_list"),
    path("journal/figures/", journal_figures.journal_figures, name="journal_figures"),
    path("journal/close/", day_logs.close_day, name="close_day"),
    path("journal/<int:staff_id>/<str:day>/", day_logs.day_log, name="day_log"),
    path("review/", reviews.review_list, name="review_list"),
    path("review/rest/", reviews.review_rest, name="review_rest"),
    path("review/<str:kind>/<int:pk>/", reviews.review_item, name="review_item"),
    path("customers/<int:pk>/special/", special.special_new, name="special_new"),
    path("special/", special.special_list, name="special_list"),
    path("special/<int:pk>/", special.special_detail, name="special_detail"),
    path("special/<int:pk>/print/", prints.print_special, name="print_special"),
    path("visits/print/<str:layout>/", prints.print_visits, name="print_visits"),
    path("forms/", prints.form_list, name="form_list"),
    path("forms/<str:layout>/", prints.print_blank, name="print_blank"),
    path("settings/line-switches/", switches.line_switches, name="line_switches"),
]

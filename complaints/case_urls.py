"""Addresses of a case: its page, and one for each deed."""

from django.urls import path

from complaints.deed_pages import PAGES
from complaints.views import cases, intake

case_patterns = [
    path("cases/new/", intake.case_new, name="case_new"),
    path("cases/new/customers/", intake.case_customers, name="case_customers"),
    path("cases/new/known/", intake.case_known, name="case_known"),
    path("cases/new/guide/", intake.case_guide, name="case_guide"),
    path("cases/clocks/<int:pk>/", cases.case_of_clock, name="case_of_clock"),
    path("cases/<int:pk>/", cases.case_detail, name="case_detail"),
    path("cases/<int:pk>/receipt/", cases.case_receipt, name="case_receipt"),
    path("cases/<int:pk>/files/<int:file_id>/", cases.case_file, name="case_file"),
    *(path(f"cases/<int:pk>/{name.replace('_', '-')}/", cases.deed_view(name), name=f"case_{name}") for name in PAGES),
]

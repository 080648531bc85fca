"""Addresses of agreements, joining applications and needs."""

from django.urls import path

from sales.views import agreements, needs

urlpatterns = [
    path("customers/<int:pk>/agreements/", agreements.customer_agreements, name="customer_agreements"),
    path("customers/<int:pk>/agreements/new/", agreements.agreement_new, name="agreement_new"),
    path("customers/<int:pk>/applications/new/", agreements.application_new, name="application_new"),
    path("customers/<int:pk>/needs/new/", needs.need_new, name="need_new"),
    path("sales/agreements/", agreements.agreement_list, name="agreement_list"),
    path("sales/agreements/<int:pk>/", agreements.agreement_detail, name="agreement_detail"),
    path("sales/agreements/<int:pk>/renew/", agreements.agreement_renew, name="agreement_renew"),
    path("sales/agreements/<int:pk>/end/", agreements.agreement_end, name="agreement_end"),
    path("sales/agreements/<int:pk>/scan/", agreements.agreement_scan, name="agreement_scan"),
    path("sales/applications/", agreements.application_list, name="application_list"),
    path("sales/applications/<int:pk>/", agreements.application_detail, name="application_detail"),
    path("sales/applications/<int:pk>/check/", agreements.application_check, name="application_check"),
    path("sales/needs/", needs.need_list, name="need_list"),
    path("sales/needs/analysis/", needs.need_analysis, name="need_analysis"),
    path("sales/needs/analysis/export/", needs.need_export, name="need_export"),
    path("sales/needs/<int:pk>/", needs.need_detail, name="need_detail"),
    path("sales/needs/<int:pk>/edit/", needs.need_edit, name="need_edit"),
    path("sales/needs/<int:pk>/step/", needs.need_step, name="need_step"),
]

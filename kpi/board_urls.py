"""Addresses of dashboards, of the rows behind a figure and of corrections."""

from django.urls import path, register_converter

from kpi.views import boards, corrections, rows


class CodeConverter:
    """The code of an indicator: F14, F24a, Q1."""

    regex = "[A-Z][0-9]{1,3}[a-z]?"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


register_converter(CodeConverter, "code")

board_patterns = [
    path("kpi/", boards.dashboard, name="dashboard"),
    path("kpi/manager/<int:pk>/", boards.manager, name="manager"),
    path("kpi/wall/", boards.wall, name="wall"),
    path("kpi/month/<str:raw>/", boards.month, name="month"),
    path("kpi/export/", rows.export, name="export"),
    path("kpi/corrections/", corrections.correction_list, name="correction_list"),
    path("kpi/corrections/new/", corrections.correction_new, name="correction_new"),
    path("kpi/corrections/<int:pk>/decide/", corrections.correction_decide, name="correction_decide"),
    path("kpi/<code:code>/", boards.indicator, name="indicator"),
    path("kpi/<code:code>/rows/", rows.row_list, name="row_list"),
    path("kpi/<code:code>/rows/export/", rows.row_export, name="row_export"),
]

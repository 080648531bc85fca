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


class MonthConverter(CodeConverter):
    """A month: 2026-04."""

    regex = "20[0-9]{2}-(?:0[1-9]|1[0-2])"


register_converter(CodeConverter, "code")
register_converter(MonthConverter, "yearmonth")

board_patterns = [
    path("kpi/", boards.dashboard, name="dashboard"),
    path("kpi/manager/<int:pk>/", boards.manager, name="manager"),
    path("kpi/wall/", boards.wall, name="wall"),
    path("kpi/month/<yearmonth:raw>/", boards.month, name="month"),
    path("kpi/export/", rows.export, name="export"),
    path("kpi/corrections/", corrections.correction_list, name="correction_list"),
    path("kpi/corrections/<int:pk>/decide/", corrections.correction_decide, name="correction_decide"),
    path("kpi/<code:code>/", boards.indicator, name="indicator"),
    path("kpi/<code:code>/rows/", rows.rows, name="rows"),
    path("kpi/<code:code>/rows/export/", rows.rows_export, name="rows_export"),
    path("kpi/<code:code>/correct/<yearmonth:raw>/<int:unit_id>/", corrections.correction_new, name="correction_new"),
]

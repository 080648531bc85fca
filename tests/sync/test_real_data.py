"""`make real`: 7,043 customers of a real file all the way (issue 2, section 7); a generated file stands in for it."""

import os
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import Assignment, Customer
from crm.core.delimited.openers import opener_of
from crm.core.working_days import seed
from crm.demo.real import MAPPINGS, mapping_for, prove
from sync.imports.mapping import read_mapping
from sync.imports.run import import_file
from tests.sync.generator import TELCO_HEADER, telco_file

pytestmark = pytest.mark.django_db
NOW = timezone.make_aware(datetime(2026, 11, 18, 10))
FILE = "ibm_telco_churn.csv"
LEFT = 1869
FIGURES = [
    "customers", "rejected", "duties_open", "overdue", "duties_open_62", "overdue_62", "import_s", "night_s",
]  # fmt: skip


def data_file():
    """Where the real file is, if it is anywhere: SHARED_DATA, or ../shared/data beside the project."""
    folder = Path(os.environ.get("SHARED_DATA") or Path(settings.BASE_DIR).parent / "shared" / "data")
    return folder / FILE


@pytest.mark.slow
@pytest.mark.skipif(not data_file().is_file(), reason=f"{FILE} is not here")
def test_the_real_file_goes_all_the_way():
    """Decisions 8 and 37: import, assign, the night, 62 nights on; the best 5 % diamond, the next 15 % gold."""
    seed()
    figures = prove(data_file(), now=NOW)
    assert list(figures) == FIGURES
    assert (figures["customers"], figures["rejected"]) == (7043, 0)
    assert (figures["duties_open"], figures["overdue"]) == (7043 - LEFT, 0)
    assert figures["duties_open_62"] == figures["overdue_62"] == 7043 - LEFT
    assert Assignment.unscoped.filter(valid_to=None).count() == 7043
    shares = {code: Customer.unscoped.filter(tier__code=code).count() / 7043 for code in ("diamond", "gold")}
    assert shares == {"diamond": pytest.approx(0.05, abs=0.002), "gold": pytest.approx(0.15, abs=0.002)}
    diamonds, golds = (Customer.unscoped.filter(tier__code=code) for code in ("diamond", "gold"))
    assert diamonds.earliest("monthly_spend").monthly_spend > golds.latest("monthly_spend").monthly_spend
    again = import_file(opener_of(data_file()), mapping_for(data_file()), by=None, now=NOW)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 7043)


def test_a_generated_file_of_the_same_shape_goes_all_the_way(tmp_path):
    """Decisions 33: where the file is missing, one like it is made; one customer in four has left."""
    seed()
    path = tmp_path / "telco.csv"
    path.write_bytes(telco_file(200))
    figures = prove(path, now=NOW)
    assert (figures["customers"], figures["rejected"]) == (200, 0)
    assert (figures["duties_open"], figures["overdue"]) == (150, 0)
    assert (figures["duties_open_62"], figures["overdue_62"]) == (150, 150)
    assert Customer.unscoped.filter(manager=None).count() == 0


def test_the_mapping_kept_in_the_project_names_what_it_leaves_out():
    """Decisions 37: columns of apps that are not built are listed as ignored."""
    found = read_mapping(MAPPINGS / "ibm_telco.json")
    assert {"Contract", "PaymentMethod", "TotalCharges"} <= set(found.ignored)
    used = {column for entry in found.fields.values() for column in entry.columns}
    assert used | set(found.ignored) == set(TELCO_HEADER)

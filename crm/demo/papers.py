"""Files and papers that left the house: call details from their register, exports, by the same actions as the pages."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Line
from accounts.rules import add_months
from conduct.actions import decide_print, print_details, request_print
from conduct.models import CallDetailPrint
from crm.core.errors import DomainError
from crm.core.exports import order_export
from crm.core.models import User
from crm.demo.deeds import acting
from workbench.queries.call_details import details_of

ASKER, SECOND = "M1001", "O1001"
PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
PURPOSES = ("客户核对上月账单", "客户申请报销", "客户查询流量去向")
FULL = "网络割接前逐户电话通知，用后销毁"


class Papers:
    """A few of each."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.users = {user.username: user for user in User.objects.filter(username__in=(ASKER, SECOND))}

    def live(self) -> None:
        """One print is done, one may be done, one waits; a list in full waits for its approval."""
        if self.users.keys() < {ASKER, SECOND}:
            return
        asker = self.users[ASKER]
        month = add_months(timezone.localdate(self.now).replace(day=1), -1)
        lines = Line.unscoped.filter(
            customer__manager_id=asker.access.staff_id, member=None, opened_on__lt=month, closed_on=None
        ).select_related("customer")
        for place, line in enumerate(lines.order_by("pk")[: len(PURPOSES)]):
            at = self.now - timedelta(hours=3 - place)
            with acting(asker):
                row = request_print(
                    customer_id=line.customer_id, line_id=line.pk, month=month, purpose=PURPOSES[place],
                    authorised_by=line.customer.name[:50], by=asker, now=at,
                    upload=SimpleUploadedFile("授权书.pdf", PAPER, "application/pdf"),
                )  # fmt: skip
            if place < 2:
                self._register(row, at, is_printed=place == 0)
        with acting(asker):
            order_export(
                list_key="customers", query={}, columns=("name", "phone"), reason="割接通知", is_unmasked=True,
                purpose=FULL, by=asker, now=self.now - timedelta(minutes=50),
            )  # fmt: skip

    def _register(self, row: CallDetailPrint, at: datetime, *, is_printed: bool) -> None:
        """The second person looks at the paper; who asked prints."""
        after = at + timedelta(minutes=20)
        with acting(self.users[SECOND]):
            decide_print(print_id=row.pk, grant=True, remark="", by=self.users[SECOND], now=after)
        if not is_printed:
            return
        try:
            with acting(self.users[ASKER]):
                print_details(
                    print_id=row.pk, details=details_of, by=self.users[ASKER], now=after + timedelta(minutes=5)
                )
        except DomainError:
            return

"""Customer voice and bulletins: their routes and rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.guards.route_rows import READERS, SEES_A, SETTERS, VISITORS, get, page, post
from visits.models import Bulletin, BulletinDelivery, CustomerVoice

A_VISITORS = "manager supervisor"
ROUTES = [
    page("visits:voice_list", "", get(READERS)),
    page("visits:voice_detail", "voice", get(READERS, SEES_A)),
    page("visits:voice_new", "customer", get(VISITORS, A_VISITORS), post(VISITORS, A_VISITORS)),
    page("visits:voice_send", "voice", post(VISITORS, A_VISITORS)),
    # Nobody is above the supervisor of this cast.
    page("visits:voice_report_up", "voice", post(VISITORS, A_VISITORS, but={"supervisor": 400})),
    page("visits:bulletin_list", "", get(READERS)),
    page("visits:bulletin_new", "", get(SETTERS), post(SETTERS)),
    page("visits:bulletin_detail", "bulletin", get(READERS)),
    page("visits:bulletin_withdraw", "bulletin", post(SETTERS)),
]
BODIES = {
    "visits:voice_new": lambda w: {"kind": "need", "text": "要专线", "source": "customer"},
    "visits:voice_send": lambda w: {"to_unit": w.cast.units["SC"].pk},
    "visits:voice_report_up": lambda w: {"reason": "超出权限"},
    "visits:bulletin_new": lambda w: {
        "kind": "policy", "title": "新资费", "audience": "kind=vip",
        "deadline_on": (timezone.localdate() + timedelta(days=9)).isoformat(),
    },
}  # fmt: skip
PROBES = {
    "visits:voice_list": ("kind=problem", "kind=opinion", "q={word}", "customer={customer}", "topic=network"),
    "visits:bulletin_list": ("state=withdrawn",),
}
LISTS = {"visits:voice_list", "visits:bulletin_list"}
EMPTY = {"visits:voice_list": ("manager", ""), "visits:bulletin_list": ("manager", "")}
NOTHING_FOUND = {
    "visits:voice_list": ("manager", "?kind=problem"),
    "visits:bulletin_list": ("manager", "?state=withdrawn"),
}


def furnish(cast: Any, rows: dict[str, Any], who: str) -> None:
    """An entry apart from a visit; a bulletin that reached the customer."""
    now, word = timezone.now(), rows["word"]
    rows["voice"] = CustomerVoice.unscoped.create(
        customer=rows["customer"], kind="need", text=word, suggestion=word, source="customer", reliability="sure",
        topic="network", found_on=timezone.localdate(), by=rows["manager_user"], said_at=now, reported_at=now,
    )  # fmt: skip
    rows["bulletin"] = Bulletin.objects.create(
        kind="policy", title="国庆资费", body="优惠", query="kind=vip", published_at=now - timedelta(days=1),
        published_by=cast.director, deadline_on=timezone.localdate() + timedelta(days=9),
    )  # fmt: skip
    BulletinDelivery.unscoped.create(
        bulletin=rows["bulletin"], customer=rows["customer"], staff=rows["manager"], delivered_at=now
    )


def gather(world: Any, rows: dict[str, Any], number: int) -> None:
    """So many more of both."""
    now = timezone.now()
    CustomerVoice.unscoped.bulk_create(
        CustomerVoice(customer=rows["customer"], kind="need", text="要", by=rows["manager_user"], said_at=now)
        for _ in range(number)
    )
    Bulletin.objects.bulk_create(
        Bulletin(kind="policy", title=f"要点{index}", query="kind=vip", published_at=now,
                 published_by=world.cast.director, deadline_on=timezone.localdate())
        for index in range(number)
    )  # fmt: skip

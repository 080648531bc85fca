"""A case: its page, its receipt, its files, and every deed as a plain form (in a sheet where there is a script)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from complaints.case_context import case_context
from complaints.deed_pages import PAGES, DeedPage, do, form_of, said_about
from complaints.forms.deeds import DeedForm
from complaints.queries.cases import CaseDetail, clock_case, receipt_of, refuse_right
from complaints.queries.cases import case_detail as detail_of
from complaints.queries.cases import case_file as file_of
from crm.core import attachments
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.errors import DomainError
from crm.core.pages import domain_errors

SEES = "view_cases"
TAKES = "take_requests"


@require_GET
@ability(SEES)
def case_detail(request: Asked, pk: int) -> HttpResponse:
    """One case: clocks, steps, conversation, and what may be done next."""
    now = timezone.now()
    detail = detail_of(request.access, pk, now=now)
    return render(request, "complaints/case_detail.html", case_context(detail, request.access, now=now))


@require_GET
@ability(SEES)
def case_of_clock(request: Asked, pk: int) -> HttpResponse:
    """To the case whose clock this is: the rows behind a figure know the clock only."""
    return redirect("complaints:case_detail", clock_case(request.access, pk))


@require_GET
@ability(TAKES)
def case_receipt(request: Asked, pk: int) -> HttpResponse:
    """What who took it down sees of a case that is not his: number, who answers, until when."""
    receipt = receipt_of(request.access, pk)
    return render(request, "complaints/case_receipt.html", {"receipt": receipt, "now": timezone.now()})


@require_GET
@ability(SEES)
def case_file(request: Asked, pk: int, file_id: int) -> FileResponse:
    """A file of a case, after the same check as the case (SEC-4)."""
    return attachments.stream(file_of(request.access, pk, file_id), inline=False)


def deed_view(name: str) -> Callable[..., HttpResponse]:
    """The view of one deed: GET shows its form, POST does it."""
    page = PAGES[name]

    @require_http_methods(["GET", "POST"])
    @ability(SEES)
    def view(request: Asked, pk: int) -> HttpResponse:
        now = timezone.now()
        detail = detail_of(request.access, pk, now=now)
        refuse_right(request.access, pk, name)
        if request.method == "GET":
            return _form(request, page, detail, form_of(page, detail, request.access, now=now))
        data, files = request.POST, request.FILES
        return _done(request, page, detail, form_of(page, detail, request.access, now=now, data=data, files=files))

    view.__name__ = view.__qualname__ = f"case_{name}"
    view.__doc__ = str(page.title)
    return view


def _done(request: Asked, page: DeedPage, detail: CaseDetail, form: DeedForm) -> HttpResponse:
    """Do the deed; what is refused stands in the form, which keeps what was typed (409 when somebody was faster)."""
    pk, refusal = detail.head.id, None
    if form.is_valid():
        try:
            with domain_errors(form):
                result = do(page, form, case_id=pk, by=request.user, now=timezone.now())
                return _answer(request, page, pk, said_about(result))
        except DomainError as conflict:
            if conflict.status != 409:
                raise
            refusal, detail = conflict, detail_of(request.access, pk, now=timezone.now())
            form.accept_version(detail.head.version)
    return _form(request, page, detail, form, refusal)


def _answer(request: Asked, page: DeedPage, pk: int, warnings: list[str]) -> HttpResponse:
    """Back to the case, with what was done and what is to be thought about."""
    messages.success(request, str(page.done), extra_tags=f"draft=case:{pk}:{page.name}")
    for text in warnings:
        messages.warning(request, text)
    url = reverse("complaints:case_detail", args=[pk])
    if not request.htmx:
        return redirect(url)
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = url
    return answer


def _form(
    request: Asked, page: DeedPage, detail: CaseDetail, form: DeedForm, refusal: DomainError | None = None
) -> HttpResponse:
    """The deed's form: in the sheet for htmx, else as a page."""
    current: dict[str, Any] = getattr(refusal, "current", {})
    context = {
        "page": page,
        "head": detail.head,
        "detail": detail,
        "form": form,
        "refusal": refusal,
        "changes": current.get("changes", ()),
    }
    status = 409 if refusal else 400 if form.errors else 200
    template = "complaints/case_deed_sheet.html" if request.htmx else "complaints/case_deed.html"
    return render(request, template, context, status=status)

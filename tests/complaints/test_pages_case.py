"""The page of a case and its deeds: plain forms, buttons only for what is allowed, nothing typed is ever lost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Dispatch, Escalation, Task
from complaints import actions
from complaints.models import Case, CaseEntry, CaseMerge, CaseStep
from tests.complaints.desk import bring, desk, fresh, record, step_data, take


@pytest.fixture
def case(cast):
    return bring(desk(cast), "handling")


def page(client, cast, case, who="handler"):
    client.force_login(getattr(cast, who))
    return client.get(reverse("complaints:case_detail", args=[case.pk]))


def deed(client, case, name, **data):
    data = {"version": fresh(case).version} | data
    return client.post(reverse(f"complaints:case_{name}", args=[case.pk]), data)


def test_the_page_shows_clocks_steps_in_two_halves_and_the_guide_of_the_open_step(client, cast, case):
    """CMP-7, CMP-14, CMP-36: six steps in two phases with their labels, the six principles beside them."""
    html = page(client, cast, case).content.decode()
    for words in ("预测需求", "满足需求", "开放式", "达成协议", "保持联系", "第一步", "处理投诉六项原则", "data-due="):
        assert words in html
    assert html.count('class="stepper-half"') == 2
    assert 'name="listened"' in html and 'name="options"' not in html  # only the open step has a form


def test_whoever_may_not_has_no_buttons_and_a_stranger_no_page(client, cast, case):
    """Buttons are shown only when allowed; invisible is not there (SEC-3)."""
    html = page(client, cast, case, "director").content.decode()
    assert "/step/" not in html and "/dispatch/" not in html.replace("/dispatches/", "")
    assert page(client, cast, case, "stranger").status_code == 404
    assert client.get(reverse("complaints:case_pause", args=[case.pk])).status_code == 404
    client.force_login(cast.director)
    assert client.get(reverse("complaints:case_pause", args=[case.pk])).status_code == 403
    assert deed(client, case, "pause", reason="等").status_code == 403


def test_the_steps_are_recorded_one_after_the_other_and_one_option_warns(client, cast, case):
    """CMP-6, CMP-8…13: feelings first; one option only is a warning; step 5 needs its score; step 6 makes a task."""
    client.force_login(cast.handler)
    refused = deed(client, case, "step", step=4, information="查到了", options="只有一个")
    assert refused.status_code == 409 and "查到了" in refused.content.decode()
    assert deed(client, case, "step", step=1).status_code == 400  # the tick is missing
    for step in range(1, 4):
        assert deed(client, case, "step", step=step, **as_form(step_data(step))).status_code == 302
    warned = deed(client, case, "step", step=4, information="查到了", options="只有一个")
    assert "两个" in client.get(warned.url).content.decode()
    assert deed(client, case, "step", step=5, agreed="好").status_code == 400
    assert deed(client, case, "step", step=5, agreed="好", satisfaction="4").status_code == 302
    assert deed(client, case, "reply", text="已修好", method="phone").status_code == 302
    assert deed(client, case, "step", step=6, **as_form(step_data(6))).status_code == 302
    assert Task.unscoped.filter(title=case.number).exists()
    assert deed(client, case, "close").status_code == 302
    assert fresh(case).state == "closed" and CaseStep.unscoped.filter(case=case).count() == 6


def as_form(data):
    return {
        name: "\n".join(value) if isinstance(value, list) else "on" if value is True else value
        for name, value in data.items()
    }


def test_an_old_form_is_told_what_changed_and_keeps_what_was_typed(client, cast, case):
    """Two handlers on one case: 409 with what was done since, the text still in the form, the next try goes through."""
    old = fresh(case).version
    actions.add_note(case_id=case.pk, text="抢先一步", by=cast.handler, now=timezone.now())
    client.force_login(cast.handler)
    url = reverse("complaints:case_note", args=[case.pk])
    answer = client.post(url, {"version": old, "text": "我写的备注"})
    html = answer.content.decode()
    assert answer.status_code == 409 and "我写的备注" in html and "孙静" in html and "抢先一步" not in html
    assert f'value="{fresh(case).version}"' in html
    assert client.post(url, {"version": fresh(case).version, "text": "我写的备注"}).status_code == 302


def test_with_a_script_a_deed_opens_in_the_sheet_and_leads_back_to_the_case(client, cast, case):
    """Every deed is a plain form; htmx shows the same in the sheet."""
    client.force_login(cast.handler)
    url = reverse("complaints:case_pause", args=[case.pk])
    sheet = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in sheet and 'name="reason"' in sheet
    assert client.post(url, {}, headers={"HX-Request": "true"}).status_code == 400
    done = client.post(url, {"reason": "等客户寄账单"}, headers={"HX-Request": "true"})
    assert (done.status_code, done["HX-Redirect"]) == (204, f"/cases/{case.pk}/")
    assert fresh(case).state == "waiting_customer"
    assert "等客户寄账单" in page(client, cast, case).content.decode()


def test_the_conversation_marks_our_phrases_and_never_the_customers_words(client, cast, case):
    """CMP-16: looked for in what we write, not in what the customer said; nothing is refused."""
    client.force_login(cast.handler)
    said = "你们说不可能!绝对不可能有这种事情发生!"
    assert deed(client, case, "said", text=said).status_code == 302
    assert deed(client, case, "update", text=said, method="phone").status_code == 302
    kinds = dict(CaseEntry.unscoped.filter(case=case, text=said).values_list("kind", "phrases"))
    assert kinds["said"] == [] and kinds["update"]
    html = page(client, cast, case).content.decode()
    talk = html[html.index('class="talk-forms"') :]
    assert "data-phrases" not in talk[talk.index("is-said") : talk.index("is-update")]


def test_a_case_goes_across_is_urged_from_its_page_and_up(client, cast, case):
    """CMP-24, SAL-12: sent with a reply deadline, urged, its reply read on the page; then up with a reason."""
    client.force_login(cast.handler)
    due = timezone.localtime() + timedelta(hours=5)
    unit = cast.units["BSC"]
    answer = deed(client, case, "dispatch", to_unit_id=unit.pk, text="请查线路", reply_due_at=f"{due:%Y-%m-%dT%H:%M}")
    assert answer.status_code == 302
    row = Dispatch.unscoped.get(origin_id=case.pk)
    here = reverse("complaints:case_detail", args=[case.pk])
    assert "请查线路" in client.get(here).content.decode()
    assert client.post(reverse("accounts:dispatch_urge", args=[row.pk]), {"next": here}).url == here
    assert deed(client, case, "escalate", reason="本级解决不了").status_code == 302
    assert Escalation.unscoped.filter(origin_id=case.pk).exists()
    assert "本级解决不了" in client.get(here).content.decode()


def test_the_supervisor_judges_what_the_handler_proposes(client, cast, case):
    """CMP-4: the handler proposes, his supervisor decides; the manager concerned finds no way to."""
    record(case, range(1, 6), cast.handler)
    actions.reply_case(case_id=case.pk, text="好了", method="phone", by=cast.handler, now=timezone.now())
    client.force_login(cast.handler)
    assert deed(client, case, "propose", judgement="justified", note="确实断网").status_code == 302
    assert deed(client, case, "judge", judgement="justified").status_code == 403
    html = page(client, cast, case, "manager").content.decode()
    assert "/judge/" not in html
    client.force_login(cast.supervisor)
    assert deed(client, case, "judge", judgement="justified", note="属实").status_code == 302
    assert fresh(case).judgement == "justified"


def test_a_case_is_given_corrected_merged_and_parted_again(client, cast, case):
    """Assign, correct (the visit that caused it: CON-10), merge with undo; each from its own form."""
    twin = take(cast)
    client.force_login(cast.handler)
    html = client.get(reverse("complaints:case_merge", args=[case.pk])).content.decode()
    assert twin.number in html
    assert deed(client, case, "merge", into_id=twin.pk, reason="同一件事").status_code == 302
    assert CaseMerge.unscoped.filter(merged=case).exists()
    assert twin.number in page(client, cast, case).content.decode()
    assert deed(client, case, "undo_merge").status_code == 302
    assert deed(client, case, "assign", to_staff_id=cast.staff["manager"].pk).status_code == 302
    assert fresh(case).owner == cast.staff["manager"]
    changed = {"level": "serious", "facts": "改过的经过", "expectation": "道歉", "category_code": "billing"}
    assert deed(client, case, "correct", **changed).status_code == 302
    assert (fresh(case).level, fresh(case).facts) == ("serious", "改过的经过")


def test_steps_of_an_order_are_ticked_in_order_by_whom_its_type_lets(client, cast):
    """SAL-26, SAL-41: the next step has a button; another type says that a hall finishes it."""
    own = bring(desk(cast), "handling", "handling")
    html = page(client, cast, own, "manager").content.decode()
    assert html.count("/order-step/") == 1
    client.force_login(cast.manager)
    assert deed(client, own, "order_step", position=1).status_code == 409
    assert deed(client, own, "order_step", position=0).status_code == 302
    forwarded = bring(cast, "handling", "handling", order_code="open_account")
    html = page(client, cast, forwarded, "manager").content.decode()
    assert "/order-step/" not in html and "ti-building-store" in html


def test_new_things_grow_out_of_a_case_and_both_pages_say_so(client, cast, case):
    """SAL-42: from the case a need or a business handling, with the link both ways."""
    html = page(client, cast, case, "manager").content.decode()
    assert f"kind=need&amp;from_case={case.pk}" in html
    need = take(cast, "need", by=cast.manager, from_case_id=case.pk, expectation="换光纤")
    assert need.number in page(client, cast, case).content.decode()
    assert case.number in page(client, cast, need).content.decode()


def test_files_are_added_and_streamed_after_the_same_check(client, cast, case, tmp_path):
    """SEC-4: a file of a case is for those who see the case."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    client.force_login(cast.handler)
    upload = SimpleUploadedFile("账单.txt", "通话费 12 元".encode(), "text/plain")
    assert deed(client, case, "attach", file=upload).status_code == 302
    (file,) = case.files.all()
    url = reverse("complaints:case_file", args=[case.pk, file.pk])
    assert client.get(url).status_code == 200
    client.force_login(cast.stranger)
    assert client.get(url).status_code == 404


def test_a_reopened_case_keeps_the_history_of_its_clocks(client, cast):
    """Reopen: a new round, new clocks; those of the first stay readable."""
    case = bring(desk(cast), "closed")
    client.force_login(cast.handler)
    assert deed(client, case, "reopen", reason="又断网了").status_code == 302
    html = page(client, cast, case).content.decode()
    assert fresh(case).round == 2 and "第 2 轮" in html and "第 1 轮" in html
    assert Case.unscoped.get(pk=case.pk).closed_at is None

"""The guide beside the steps: what the source says, literally where it matters, and what it lacks (G1, G2)."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db

SAYS = {
    **{f"step_{number}": ("还原",) for number in range(1, 7)},  # CMP-7: reconstructed (G1)
    "six_principles": (
        "真诚感谢", "迅速行动", "耐心倾听", "坚决避免与其争辩", "想方设法平息抱怨", "站在客户立场上将心比心"),
    "listening": (
        "忽视的听", "假装在听", "有选择的听", "全神贯注的听", "同理心的听", "永远不要有意打断客户", "两只耳朵，一张嘴"),
    "opening_words": ("标准用语", "微笑(包括电话", "手势", "目光"),
    "excellent_service": ("热情、尊重、关注", "帮助客户解决问题", "迅速响应客户的要求", "7 提供个性化服务"),
    "continuous_quality": ("对所有的客户同样的热情", "上班与下班一样的热情", "压力管理"),
    "manner": ("顾全大局、谦虚冷静、耐心解释、不争不辩", "举止文明、谦虚礼让、耐心细致、主动热情、尊重客户"),
    "phrases": ("绝对不可能有这种事情发生", "8–10 原文缺失"),
    "missing_chapter": ("第四章原文缺失",),
}  # fmt: skip


def test_every_text_of_the_desk_stands_in_the_guide(cast, as_user):
    """CMP-7, CMP-14, CMP-16, CMP-25, CMP-38, SKL-5, SKL-7, SKL-8, SKL-10, SKL-11, SKL-13.

    Each text with the words the source gives, in both languages.
    """
    client = as_user(cast.manager)
    listed = client.get(reverse("core:guide_list")).content.decode()
    assert "投诉处理" in listed
    for code, words in SAYS.items():
        address = reverse("core:guide_detail", args=[code])
        assert address in listed
        page = client.get(address).content.decode()
        assert [word for word in words if word not in page] == [], code
        english = client.get(address, headers={"Accept-Language": "en"}).content.decode()
        assert "missing in the source" in english or code != "missing_chapter"

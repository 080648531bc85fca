"""Service phrases are found with other punctuation, width and small variations, and ordinary sentences are not."""

import json
import random
import shutil
import subprocess
from itertools import product
from pathlib import Path

import pytest

from complaints.rules.phrases import NEGATIONS, Phrase, fold, found, matches, wordings_of
from complaints.seed import PHRASES

LIST = [Phrase(number, text, wordings_of(wordings), kinder) for number, text, wordings, kinder in PHRASES]
GIVEN = [phrase for phrase in LIST if phrase.text]
PUNCTUATION = [
    *"\uff0c\u3002\uff01\uff1f\u3001\uff1b\uff1a\u2026\u201c\u201d\uff08\uff09\u2014",
    *",.!?;:\"'()-~\xb7 \u3000\t",
]
BEFORE = ("", "您好,", "这个情况嘛:", "我跟您说,", "刚才同事讲了;", "抱歉!", "那边回复说——")
AFTER = ("", "!", "。您再看看。", ",就这样吧", "……", "?请问还有别的吗", "\n我们再联系。")
JS = Path(__file__).resolve().parents[2] / "static/js/phrases.js"


def wide(char):
    """The full-width form of a character."""
    return chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char


def varied(text, chance):
    """The same words as somebody else would type them."""
    letters = []
    for char in text:
        letters.append(wide(char) if chance.random() < 0.3 else char.upper() if chance.random() < 0.5 else char)
        if chance.random() < 0.15:
            letters.append(chance.choice(PUNCTUATION))
    return "".join(letters).replace("你", chance.choice("你您"))


def slightly_changed(text, chance):
    """One character in eight is another one or one too many; what negates stays."""
    letters = list(text)
    for place in range(len(fold(text)) // 8):
        free = [at for at, char in enumerate(letters) if char not in NEGATIONS and fold(char)]
        at = chance.choice(free)
        if place % 2:
            letters[at] = chance.choice("的是就也都")
        else:
            letters.insert(at, chance.choice("呢啊呀吧嘛"))
    return "".join(letters)


def in_the_list(chance):
    """One of the phrases, in a sentence of somebody's own."""
    phrase = chance.choice(GIVEN)
    if chance.random() < 0.4:
        words = slightly_changed(phrase.text, chance)
    else:
        words = varied(chance.choice(phrase.all_wordings), chance)
    return phrase.number, chance.choice(BEFORE) + words + chance.choice(AFTER)


WHO = ("客户", "张经理", "王总", "贵公司", "城东营业厅", "网络部同事", "财务处", "您", "我们", "维护人员")
ORDINARY = [
    *(f"{who}{what}" for who, what in product(WHO, (
        "反映下午三点以后上网慢,已经派单。", "说最近还好,信号比上月好多了。", "不可能明天到账,最快要后天上午。",
        "是第一个报名参加座谈会的。", "听说过这项优惠,想再了解一下。", "负责检查网络,今天下午给答复。",
        "没有提出其他要求。", "建议把设计方案改成双路由。", "觉得没什么疑问了,谢谢。", "自己操作成功了,很满意。",
        "的业务归我管,有事请找我。", "希望百分之百准时送达发票。", "认为设备无瑕疵验收合格。", "出厂编号已经登记。",
        "问会不会是天气原因造成的中断。", "只负责签收,不负责安装。", "已经恢复正常,请您再试一次。",
        "对服务态度表示肯定,给了五分。", "要求本周内更换光猫。", "提供了照片和通话时间。",
    ))),
    *(f"{first},{second}。" for first, second in product(
        ("对不起给您添麻烦了", "我马上核实", "感谢您的耐心等待", "这次没有做好是我们的责任", "您别着急",
         "我理解您的心情", "已经联系网络部门", "今天下午五点前给您回话", "您说的情况我记下来了", "我们一起从头看一遍"),
        ("有结果就告诉您", "您看这样可以吗", "请您保持手机畅通", "不会再让您跑第二趟", "费用会退到原账户",
         "不可能的事我不会答应您", "这件事我来跟进", "从来没有让您失望是我们的目标", "第一个工作日就能处理",
         "我只是想再确认一下号码", "100%退还多收的费用", "十全十美很难但我们会改进", "设计图纸明天送到",
         "操作步骤我发到您微信", "不归零的流量可以继续用", "原厂配件已经到货", "事情不大但我会当成大事办",
         "没有听清楚请您再说一遍", "这种事我们以前处理过", "您是第一位我要感谢的人", "网络检查由我负责安排",
         "有这种情况请随时找我", "绝对按时完成", "可能性不大但我去问", "你们自己的网管也可以参加",
         "我看没什么问题会漏掉", "其实也没什么复杂的", "无瑕疵的货品周五送到", "会不会是基站检修我去查",
         "还好嘛跟我说得及时"),
    )),
]  # fmt: skip


def test_five_hundred_ordinary_sentences_hold_no_phrase():
    """CMP-16: nobody is warned for a sentence that is none of the phrases."""
    assert len(set(ORDINARY)) >= 500
    wrong = {sentence: found(sentence, LIST) for sentence in ORDINARY if found(sentence, LIST)}
    assert wrong == {}


def test_five_hundred_random_phrases_of_the_list_are_found():
    """CMP-16…23: with other punctuation, width, case, and one character in eight changed."""
    chance = random.Random(16)
    drawn = [in_the_list(chance) for _ in range(500)]
    missed = [(number, text) for number, text in drawn if number not in found(text, LIST)]
    assert missed == []
    assert {number for number, _text in drawn} == {1, 2, 3, 4, 5, 6, 7}


def test_the_words_as_given_are_each_found_and_say_where():
    """CMP-17, CMP-18, CMP-19, CMP-20, CMP-21, CMP-22, CMP-23: each of the seven; the empty places are never found."""
    for phrase in GIVEN:
        text = f"您好,{phrase.text}。"
        assert found(text, LIST) == [phrase.number]
        match = max(matches(text, LIST), key=lambda hit: hit.end - hit.start)
        assert fold(text[match.start : match.end]) == fold(phrase.text)
    assert found("", LIST) == found("。。。", LIST) == []


def test_what_negates_is_no_small_variation():
    """CMP-23: "我负责检查网络" is the opposite of the phrase, not a variation of it."""
    for text in ("我来负责检查网络", "我负责检查网络", "我不只负责客户服务", "我并不只负责客户服务工作"):
        assert found(text, LIST) == [], text
    assert found("我是不负责检查网络的", LIST) == [7]


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_the_page_finds_what_the_server_finds():
    """CMP-16: static/js/phrases.js underlines exactly what complaints.rules.phrases notes."""
    chance = random.Random(5)
    texts = [in_the_list(chance)[1] for _ in range(250)] + chance.sample(ORDINARY, 100)
    texts += ["", "😀不可能!😀", "A\u200b𝟙"]
    phrases = [{"number": row.number, "wordings": row.all_wordings} for row in LIST]
    program = (
        f"const {{ matches }} = require({json.dumps(str(JS))});"
        "const { texts, phrases } = JSON.parse(require('fs').readFileSync(0, 'utf8'));"
        "const places = (text, at) => [...text.slice(0, at)].length;"
        "console.log(JSON.stringify(texts.map((text) => matches(text, phrases).map("
        "(hit) => [hit.number, places(text, hit.start), places(text, hit.end)]))));"
    )
    given = json.dumps({"texts": texts, "phrases": phrases})
    done = subprocess.run(["node", "-e", program], input=given, capture_output=True, text=True, check=True)
    on_the_page = json.loads(done.stdout)
    on_the_server = [[[hit.number, hit.start, hit.end] for hit in matches(text, LIST)] for text in texts]
    assert on_the_page == on_the_server

"""Texts of the guide for whoever handles a complaint (CMP-7…16, CMP-25, CMP-38, SKL-5…8, 10, 11, 13)."""

from typing import Any

from django.db import migrations

AREA = "desk"
G1_ZH = (
    "说明:原文的六步曲图示文字错乱,步骤名称和顺序按图后文字还原(倾听→致歉→开放式问题→提供信息和方案→达成协议→再次道歉),"
    "并非原图。"
)
G1_EN = (
    "Note: the diagram of the six steps is scrambled in the source. Names and order are reconstructed from the text after "
    "it (listen – apologise – open questions – information and options – agreement – apologise again)."
)
TEXTS = [
    ("step_1", "CMP-8",
     "第一步 预测需求", "Step 1: predict needs",
     "先听完,不辩解;听出客户现在的心情和真正的需求。", "Hear him out, explain nothing yet; hear his mood and what he needs.",
     "先处理情感,再处理事件。\n\n要做:\n· 倾听:让客户把话说完,不插话\n· 表示关注和同情:点头、应答、记下要点\n"
     "· 预测客户的心情、需求:他是着急、失望还是生气?他最怕什么?\n\n可以说:\n“您请讲,我在听,也在记。”\n"
     "“遇到这样的事,换了我也会着急。”\n\n不要:边听边查系统、急着问号码、急着解释原因。",
     "Feelings first, then the matter.\n\nDo:\n· listen until he has finished\n· show concern and sympathy: nod, answer, "
     "write down the points\n· predict his mood and his need: is he in a hurry, disappointed, angry? What does he fear "
     "most?\n\nSay:\n“Please go on, I am listening and taking notes.”\n“I would be worried too.”\n\nDon't: search the "
     "system while he talks, ask for his number at once, explain causes."),
    ("step_2", "CMP-9",
     "第二步 满足需求", "Step 2: meet the feelings",
     "真诚致歉,满足客户的心理需求:被尊重、被重视、被理解。", "Apologise sincerely; he wants to be respected, taken seriously, understood.",
     "真诚致歉,满足客户的心理需求。\n\n道歉不等于认责:为客户的感受和不便道歉,不必等查清原因。\n\n可以说:\n"
     "“对不起,给您添麻烦了。”\n“让您跑了两趟,真的很抱歉。”\n“这件事由我负责到底,我姓林,这是我的电话。”\n\n"
     "不要:“如果给您造成不便……”“但是……”;道歉后马上说“不过”。\n\n(原文“致谦”为“致歉”之误。)",
     "A sincere apology; the psychological need is met.\n\nAn apology admits no fault: it is for what he feels and for his "
     "trouble, before any cause is known.\n\nSay:\n“I am sorry for the trouble.”\n“You had to come twice, I am truly "
     "sorry.”\n“I will see this through; my name is Lin, this is my number.”\n\nDon't: “if we have caused…”, “but…”."),
    ("step_3", "CMP-10",
     "第三步 开放式问题", "Step 3: open questions",
     "用“怎么、什么、哪里”提问,让客户发泄;复述情感,表示理解,了解实情。",
     "Ask how, what and where; let him vent; repeat the feeling, show you understand, learn the facts.",
     "开放式问题让客户发泄情感、了解实情;复述情感,表示理解。\n\n可以问:\n“当时是怎么发生的?”\n“您最在意的是哪一点?”\n"
     "“您希望我们怎么做?”\n\n复述:\n“您是说,从上周五起会议室一直没有信号,影响了您接待客户,所以很生气,对吗?”\n\n"
     "善于归纳五样:时间、地点、人物、发生的事情、希望得到什么。事实写入受理单,前三步完成后才能进入处理事件。",
     "Open questions let the customer vent and bring out the facts; repeat the feeling, show that you understand.\n\nAsk:\n"
     "“How did it happen?”\n“What troubles you most?”\n“What would you like us to do?”\n\nRepeat:\n“So there has been no "
     "signal in your meeting room since Friday, in front of your guests, and that made you angry. Is that right?”\n\nSum up "
     "five things: time, place, people, what happened, what he hopes for. The matter opens after these three steps."),
    ("step_4", "CMP-11",
     "第四步 提供信息和方案", "Step 4: provide information",
     "说清已知情况,帮客户设定期望值,给出至少两个方案让他选。",
     "Say what is known, set an expectation he can rely on, offer at least two options.",
     "提供信息,帮助客户设定期望值,提供方案选择。\n\n要做:\n· 信息:查到了什么,还在查什么\n"
     "· 期望值:什么时候有结果、谁给回话,说得到就做得到\n· 方案:至少两个,让客户选择(“至少两个”为系统建议)\n\n可以说:\n"
     "“今天下午五点前我给您回话。”\n“有两个办法:今天先换备用设备,或者明天上午工程师上门,您看哪个方便?”\n\n"
     "不要:承诺做不到的事;把选择变成“只能这样”。",
     "Give information, help the customer set his expectation, offer a choice.\n\nDo:\n· information: what is known, what is "
     "still looked into\n· expectation: when he will hear, from whom; promise only what will be kept\n· options: at least "
     "two, the customer chooses (two is our number)\n\nSay:\n“I will call you by five today.”\n“We can bring spare "
     "equipment today, or an engineer comes tomorrow morning: which suits you?”\n\nDon't: promise too much; “there is only "
     "this way”."),
    ("step_5", "CMP-12",
     "第五步 达成协议", "Step 5: reach agreement",
     "说清做什么、谁来做、何时完成;当面问满意程度(1–5 分)。", "What, who, until when; then ask how satisfied he is (1–5).",
     "达成协议,检查满意度。\n\n要做:\n· 用一句话复述约定:做什么、谁来做、什么时候完成\n· 请客户确认\n"
     "· 问满意程度并如实记录(1–5 分)\n\n可以说:\n“那我们说定:明天上午十点工程师上门,修好后我再给您电话。您看还有什么要补充的?”\n"
     "“这样处理您满意吗?”\n\n说明:原文未说明“检查满意度”属于第五步还是第六步,本系统放在第五步。",
     "Reach agreement, check satisfaction.\n\nDo:\n· repeat the agreement in one sentence: what, who, until when\n· have it "
     "confirmed\n· ask how satisfied he is and note it truly (1–5)\n\nSay:\n“So the engineer comes at ten tomorrow, and I "
     "call you when it works. Is there anything to add?”\n“Are you satisfied with this?”\n\nNote: the source leaves open "
     "whether the satisfaction check belongs to step five or six; here it is in five."),
    ("step_6", "CMP-13",
     "第六步 保持联系", "Step 6: keep in touch",
     "再次道歉并感谢;约定回访时间,7 天内主动联系。", "Apologise once more and thank him; get in touch again within seven days.",
     "再次道歉,建立联系。\n\n要做:\n· 再次道歉,感谢客户指出问题\n· 约定下次联系的时间(7 天内,系统建议),系统自动生成回访任务\n"
     "· 按时回访,问问题是否再出现\n\n可以说:\n“再次向您道歉,也谢谢您告诉我们。下周二我给您打电话,看看用得怎么样。”",
     "Apologise again, build the relationship.\n\nDo:\n· apologise once more and thank him for telling us\n· agree on the "
     "next contact (within seven days, our number): the task is made by itself\n· call on that day and ask whether it came "
     "back\n\nSay:\n“I apologise once more, and thank you for telling us. I will call you on Tuesday to hear how it goes.”"),
    ("six_principles", "CMP-14",
     "处理投诉六项原则", "Six principles of handling complaints",
     "诚意感谢、迅速行动、耐心倾听、绝不争辩、平息怨气、将心比心。", "Thank, act fast, listen, never argue, calm, stand in his shoes.",
     "1 真诚感谢:客户投诉是给我们改正的机会,先表示诚意和感谢\n2 迅速行动:马上受理,马上答复,不推不拖\n"
     "3 耐心倾听:听完再说,不打断\n4 坚决避免与其争辩\n5 想方设法平息抱怨,消除怨气\n6 要站在客户立场上将心比心\n\n"
     "(原文“系意”应为“诚意”,“耐必”应为“耐心”。)",
     "1 Thank sincerely: a complaint is a chance to mend\n2 Act fast: take it in and answer at once, pass nothing on\n"
     "3 Listen patiently: hear him out\n4 Never argue\n5 Do everything to calm the complaint and take the resentment away\n"
     "6 Stand in the customer's shoes"),
    ("listening", "SKL-10 SKL-11 CMP-15",
     "倾听的五个层次和要领", "Five levels of listening, and how",
     "两只耳朵,一张嘴:听出客户的谈话重点。", "Two ears, one mouth: hear what he is really talking about.",
     "五个层次,由低到高:\n1 忽视的听\n2 假装在听\n3 有选择的听\n4 全神贯注的听\n5 同理心的听\n\n要领:\n"
     "· 永远不要有意打断客户\n· “什么时候不说”比“知道说什么”更重要\n· 两只耳朵,一张嘴,听出客户的谈话重点\n"
     "· 善于归纳:时间、地点、人物、发生的事情、希望得到什么\n· 适时说出自己的看法\n· 肯定对方的谈话价值\n"
     "· 配合肢体语言:目光、点头、语气",
     "Five levels, from low to high:\n1 ignoring\n2 pretending\n3 selecting\n4 attentive\n5 with empathy\n\nHow:\n· never "
     "interrupt on purpose\n· when not to speak matters more than what to say\n· two ears, one mouth: find the point\n"
     "· sum up: time, place, people, what happened, what he hopes for\n· say your own view at the right moment\n· affirm "
     "what he says\n· eyes, nods, tone of voice"),
    ("opening_words", "SKL-8",
     "职业化的第一印象", "A professional first impression",
     "专业的开场白、热情的态度、微笑(包括电话)、手势、目光。", "Standard opening words, warmth, a smile (on the phone too), gesture, eyes.",
     "礼仪形象:工装整洁,佩戴工作牌。\n\n专业的开场白——标准用语:\n“您好,我是您的客户经理林晓,很高兴为您服务。”\n"
     "“您好,江城公司客户经理林晓,请问有什么可以帮您?”(电话)\n\n热情的态度:\n· 微笑(包括电话:对方听得出来)\n"
     "· 欠身、迎上前去表示欢迎\n· 手势:手掌向上指引\n· 目光:看着对方,不看屏幕",
     "Appearance: neat working clothes, the badge.\n\nStandard opening words:\n“Hello, I am your account manager Lin Xiao, "
     "glad to be of service.”\n“Hello, this is account manager Lin Xiao, what can I do for you?” (phone)\n\nWarmth:\n· a "
     "smile (on the phone too: it can be heard)\n· lean forward, step towards the customer\n· gesture: an open palm shows the "
     "way\n· eyes: on the customer, not on the screen"),
    ("excellent_service", "SKL-5",
     "优质服务七要点", "Seven points of excellent service",
     "热情尊重、解决问题、迅速响应、以客户为中心、持续、同理心、个性化。",
     "Warmth, solving problems, speed, the customer in the centre, constancy, empathy, the personal touch.",
     "1 对客户表示热情、尊重、关注\n2 帮助客户解决问题\n3 迅速响应客户的要求\n4 始终以客户为中心\n5 持续提供优质服务\n"
     "6 设身处地为客户着想\n7 提供个性化服务",
     "1 Warmth, respect, attention\n2 Help the customer solve his problem\n3 Answer his wishes fast\n4 The customer is always "
     "in the centre\n5 Good service all the time\n6 Put yourself in his place\n7 Personal service"),
    ("continuous_quality", "SKL-7",
     "持续的优质服务", "Good service all the time",
     "对所有的客户同样的热情,上班与下班一样的热情。", "The same warmth to every customer, on duty and off duty.",
     "对所有的客户同样的热情;上班与下班一样的热情;疲劳时的压力管理。\n\n疲劳时:\n· 接电话前停三秒,喝口水\n"
     "· 连续处理两件投诉后,请同事顶一会儿\n· 觉得快要发火时,请主管接手,这不是失败\n\n主管在团队页看得到每个人的在办数量,及时调配。",
     "The same warmth to every customer, on duty and off duty; know how to carry stress when tired.\n\nWhen tired:\n· three "
     "seconds and a sip of water before the next call\n· after two complaints in a row let a colleague take over for a "
     "while\n· before you lose your temper hand the case to your supervisor: that is no defeat\n\nSupervisors see everybody's "
     "open cases on the team page and share them out."),
    ("manner", "CMP-38 CMP-25",
     "举止与面对批评", "Manner, and how to take criticism",
     "客户提出批评意见时,要顾全大局、谦虚冷静、耐心解释、不争不辩。", "When criticised: modest, calm, explain patiently, no dispute.",
     "为客户服务时要举止文明、谦虚礼让、耐心细致、主动热情、尊重客户。\n\n"
     "当客户提出批评意见时,要顾全大局、谦虚冷静、耐心解释、不争不辩。\n\n"
     "批评按“批评”登记为客户意见,写明向客户作了什么解释,处理结果要反馈给客户。",
     "Serve with good manners, modest, patient, careful, of your own accord, and with respect.\n\nWhen a customer criticises: "
     "think of the whole, stay modest and calm, explain patiently, do not dispute.\n\nCriticism is logged as an opinion "
     "with what was explained, and the customer is told what became of it."),
    ("phrases", "CMP-16",
     "服务禁语", "Service phrases to avoid",
     "七条禁语不能说;输入时会提示建议说法。", "Seven phrases are never said; a kinder wording is offered as you type.",
     "处理投诉的十大“禁言”(本系统称服务禁语):\n\n1 “这种问题,我们从未听说过,你是第一个……”\n"
     "2 “这种事就是这样的,原厂设计出厂时就这样了……”\n3 “还好嘛,我看其实也没什么啊……”\n"
     "4 “哪有十全十美的……哪有100%的无瑕疵……”\n5 “不可能!绝对不可能有这种事情发生!”\n6 “会不会是你们自己操控不当才……”\n"
     "7 “我不负责检查网络,我只负责客户服务……”(原文后半句缺失)\n8–10 原文缺失,不自行编造,由公司本部补充。\n\n"
     "在回复、进展告知、步骤和内部备注中输入这些话会加下划线并提示建议说法,但不会阻止保存;客户原话不检查。",
     "The ten phrases one does not say to a customer who complains:\n\n1 “We have never heard of such a problem, you are the "
     "first…”\n2 “That is how it is, it leaves the factory like this…”\n3 “It is not so bad, I see nothing wrong…”\n"
     "4 “Nothing is perfect, nothing is 100 % flawless…”\n5 “Impossible! That absolutely cannot happen!”\n6 “Could it be that "
     "you handled it wrongly…”\n7 “I do not check the network, I only do customer service…” (cut off in the source)\n8–10 are "
     "missing in the source; headquarters may fill them.\n\nIn replies, interim words, steps and notes they are underlined "
     "with a kinder wording; nothing is blocked, and the customer's own words are never looked at."),
    ("missing_chapter", "SKL-13",
     "第四章(原文缺失)", "Chapter four (missing in the source)",
     "", "",
     "服务技巧第四章原文缺失:原文由第三章直接跳到第五章。本系统不自行编造内容,取得原文后由公司本部补充。",
     "Chapter four of the service skills is missing in the source, which jumps from three to five. Nothing is invented here; "
     "headquarters adds it when it is found."),
]  # fmt: skip
STEPS = frozenset(f"step_{number}" for number in range(1, 7))


def fill(apps: Any, schema_editor: Any) -> None:
    """CMP-7…16, SKL-5…13: one article per text; a reconstructed step says so (G1)."""
    Article = apps.get_model("core", "Article")
    for position, row in enumerate(TEXTS, 1):
        code, source, title_zh, title_en, tip_zh, tip_en, body_zh, body_en = row
        if code in STEPS:
            body_zh, body_en = f"{body_zh}\n\n{G1_ZH}", f"{body_en}\n\n{G1_EN}"
        Article.objects.get_or_create(
            code=code,
            defaults={
                "area": AREA, "source": source, "title_zh": title_zh, "title_en": title_en, "tip_zh": tip_zh,
                "tip_en": tip_en, "body_zh": body_zh, "body_en": body_en, "position": position,
            },
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("core", "0010_guide_texts")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

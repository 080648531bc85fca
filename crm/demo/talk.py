"""What managers write after a contact: short, like people write."""

from __future__ import annotations

from random import Random

from visits.choices import Category

CONTENT: dict[str, tuple[str, ...]] = {
    Category.ENQUIRY: (
        "客户咨询{topic}的资费，已逐项说明。",
        "问上月账单里{topic}的扣费，核对后无误。",
        "咨询{topic}怎么开通，已发图文说明。",
        "了解{topic}的合约期和违约规则，已解释。",
    ),
    Category.HANDLING: (
        "帮客户办理{topic}，次日生效。",
        "上门收取{topic}的办理资料，已交前台。",
        "协助变更{topic}，客户当场确认。",
        "办理{topic}续约，合同已签回。",
    ),
    Category.NEED: (
        "客户提出{topic}的需求，需要出方案和报价。",
        "反映办公楼信号弱，{topic}时断时续，已报障。",
        "想给员工统一配{topic}，约下周谈细节。",
        "分店要开业，需要{topic}，先做勘查。",
    ),
    Category.REWARD: (
        "告知积分可兑换{gift}，客户选好后由我代办。",
        "送达{gift}，客户很满意。",
        "邀请参加{gift}回馈，客户答应参加。",
    ),
    Category.CARE: (
        "例行回访，近期使用正常，无新需求。",
        "节前问候，聊了近期的生意。",
        "关怀回访，客户对服务满意。",
        "提醒套餐本月到期，客户下周决定续哪一档。",
        "了解近期出行，提醒开通国际漫游。",
    ),
}
TOPICS = (
    "5G套餐",
    "企业宽带",
    "专线提速",
    "云视频会议",
    "副卡",
    "集团短信",
    "物联网卡",
    "固话",
    "国际漫游",
    "家庭宽带",
    "流量包",
    "靓号",
)
GIFTS = ("体检券", "电影票", "购物卡", "机场贵宾厅", "话费礼包", "茶礼")
RESULTS = ("客户满意", "已解决", "需跟进", "客户再考虑", "约下次面谈", "")
NEXT_STEPS = (
    "发送报价单",
    "带方案上门",
    "回复账单核对结果",
    "确认续约档位",
    "送积分礼品",
    "安排网络检测",
    "提醒携带证件办理",
    "约见信息科负责人",
)
OPINIONS = (
    "希望账单能按部门拆分。",
    "营业厅排队太久，建议开企业窗口。",
    "对客户经理响应速度满意。",
    "希望流量用完前有提醒。",
)
PROBLEMS = (
    "三号楼地下室没有信号。",
    "专线上周断了两次，影响收银。",
    "竞争对手上门报价低一成。",
    "上月短信费用和约定不一致。",
)
REMARKS = (
    "跟进及时，报价单记得抄送我。",
    "内容再具体一些，写清客户的顾虑。",
    "做得好，经验可以在周会上分享。",
    "信号问题请当天报网络部，并告诉客户进度。",
    "下次请见到负责人。",
)
FAILED = ("无人接听", "电话占线", "客户开会，未接通", "关机", "微信未回复")


def content_of(random: Random, category: str) -> str:
    """One sentence about the contact; calls are often logged without any."""
    if random.random() < 0.3:
        return ""
    text = random.choice(CONTENT.get(category) or CONTENT[Category.CARE])
    return text.format(topic=random.choice(TOPICS), gift=random.choice(GIFTS))

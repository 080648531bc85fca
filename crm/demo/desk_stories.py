"""What the demo's customers bring: invented matters, with what they hope for and what became of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Story:
    """One matter; `code` is its category or the type of its order."""

    code: str
    facts: str
    result: str
    expectation: str = ""
    cause: str = ""
    options: tuple[str, ...] = ()
    mood: str = "worried"


COMPLAINTS = (
    Story("network", "办公楼三层信号弱，客户来访时多次打不通电话", "已加装室内分布，信号恢复，客户表示满意",
          "尽快解决信号问题，并说明原因", "室内覆盖不足", ("加装室内分布", "临时提供信号放大器"), "angry"),
    Story("billing", "上月账单多出三笔国际漫游费，客户当月没有出国", "核实为系统误计，已退费 186 元并发送说明",
          "退还多收费用", "计费系统误计", ("退还多收费用", "抵扣下月账单"), "angry"),
    Story("network", "专线昨晚中断两小时，耽误了视频会议", "光缆抢修完成，减免三天专线费",
          "赔偿损失并保证不再发生", "光缆被施工挖断", ("减免三天专线费", "加开备用链路"), "angry"),
    Story("service_attitude", "去营业厅办业务，排队一小时，工作人员答复不耐烦", "营业厅经理已登门致歉，相关人员已培训",
          "希望得到道歉", "高峰时段窗口不足", ("登门致歉", "安排专席办理"), "disappointed"),
    Story("unrequested", "没有申请却被开通了视频会员，每月扣 15 元", "已退订并退还三个月费用",
          "退费并查清是谁开通的", "外呼营销未核实", ("退订并退费", "改为免费体验"), "angry"),
    Story("network", "家里宽带每到晚上就变慢，报修两次没有人上门", "更换光猫并调整端口，晚间测速达标",
          "上门彻底解决", "分光器老化", ("更换光猫", "升级为千兆并免一个月月费"), "disappointed"),
    Story("product_quality", "新发的智能网关频繁重启，已换过一次", "已换新并延长保修一年",
          "换一台好的", "批次质量问题", ("更换新网关", "退货退款"), "disappointed"),
    Story("misleading_sale", "办理套餐时说送的流量不限速，用到 20G 就限速", "改为真正不限速的套餐，补偿一个月差价",
          "兑现承诺", "套餐规则没有讲清", ("更换套餐", "补偿流量包"), "disappointed"),
    Story("off_hours_refusal", "周日手机停机无法联系业务，打客户经理电话说下班了", "已恢复使用并公布应急联系人",
          "非工作时间也能有人管", "没有安排值班", ("公布应急联系人", "开通自助复机"), "angry"),
    Story("guarantee", "办担保开户被要求重复提交材料", "材料已一次性补齐并办结",
          "尽快办好", "内部流程重复", ("代为补齐材料", "换用预存方式"), "worried"),
)  # fmt: skip
NEEDS = (
    Story("", "下月新办公室启用，需要 100M 专线和 20 部固话", "方案与报价已提交，客户确认"),
    Story("", "外勤人员要 30 张流量卡，希望统一付费", "已提供三档方案，客户选定 30G 档"),
    Story("", "门店想装客流统计和视频监控", "已安排上门勘察并出方案"),
    Story("", "希望每月提供分部门的话费明细", "已开通分部门账单推送"),
)
ORDERS = (
    Story("open_account", "新公司需要开户 5 个号码", "开户已办结，号码已启用"),
    Story("roaming", "明早去新加坡出差，需要开通国际漫游", "国际漫游已开通并发送资费说明"),
    Story("replace_card", "手机丢失，需要补卡", "补卡完成，已恢复使用"),
    Story("bill_request", "财务需要近半年账单", "账单已盖章并送达"),
    Story("suspend_lost", "手机在机场丢失，要求立即停机", "已挂失停机，客户确认"),
)
ENQUIRIES = (
    Story("", "咨询千兆宽带的月费和合约期", "月费 199 元，合约 24 个月，可先测速"),
    Story("", "问携号转网办理要准备什么", "核对合约与欠费后短信申请授权码"),
    Story("", "问副卡最多可以办几张", "每个主号最多 4 张，流量共享"),
)

"""The first texts of the guide, in both languages; headquarters changes them on their page (SKL-6, CON-31, CON-35)."""

from typing import Any

from django.db import migrations

TEXTS = [
    ("interruption", "phrases", "SKL-6",
     "服务被打断时", "When a service is interrupted",
     "“对不起,有一个客户电话,我接一下。”", "“Excuse me, a customer is calling, let me take this.”",
     "正在为客户服务时:\n\n有其他客户来电,先征得面前客户同意再接:\n“对不起,有一个客户电话,我接一下。”\n\n"
     "同事来电,告知对方稍后回电:\n“对不起,我现在正在为客户服务,等一会儿我打回去好吗?”\n\n接完电话,向客户致歉并继续服务。",
     "While you serve a customer:\n\nAnother customer calls. Ask the one before you first:\n"
     "“Excuse me, a customer is calling, let me take this.” (对不起,有一个客户电话,我接一下。)\n\n"
     "A colleague calls. Tell him you will call back:\n“Excuse me, I am serving a customer, may I call you back in a "
     "while?” (对不起,我现在正在为客户服务,等一会儿我打回去好吗?)\n\nAfterwards apologise and go on."),
    ("polite_words", "phrases", "CON-31",
     "礼貌用语", "Polite words",
     "您好、请、谢谢、对不起、再见;称呼客户姓氏和职务。", "Hello, please, thank you, excuse me, goodbye; with name and title.",
     "见面:您好,我是您的客户经理。\n请求:请问您现在方便吗?\n感谢:谢谢您抽出时间。\n致歉:对不起,让您久等了。\n"
     "告别:感谢您的支持,有事请随时联系我,再见。\n\n电话接通先报姓名和单位,挂断前等客户先挂。",
     "Meeting: Hello, I am your account manager.\nAsking: Is this a good moment for you?\nThanking: Thank you for your "
     "time.\nApologising: I am sorry to have kept you waiting.\nLeaving: Thank you for your trust; call me at any time. "
     "Goodbye.\n\nOn the telephone say your name and house first, and let the customer hang up first."),
    ("silent_phone", "skills", "CON-35",
     "重要客户面前手机静音", "Silent phone before important customers",
     "拜访特别重要的客户,请把手机设为静音状态。", "Visiting a very important customer: put your phone on silent.",
     "特别重要的客户应把手机设为静音状态。\n\n拜访其他客户时如有客户来电,先致歉并征得同意再接听。",
     "Before a very important customer the phone is silent.\n\nWith other customers: apologise and ask before you take "
     "another customer's call."),
    ("no_interruption", "skills", "SKL-9",
     "服务过程不能中断", "A service is not interrupted",
     "有紧要事必须中断时,先征求客户意见并致歉。", "When it must be: ask the customer first, and apologise.",
     "一个服务过程不能中断。有紧要事必须中断时,应征求客户的意见,并致歉。\n\n记沟通时可在“更多”里勾选“中断”并写明原因。",
     "A service is not interrupted. When something urgent makes you, ask the customer and apologise.\n\nOn the log sheet "
     "tick “Interrupted” under More, with the reason."),
    ("badge", "skills", "CON-30",
     "佩戴工作牌", "Wear your badge",
     "上门服务必须佩戴工作牌;回访时会问到。", "Wear your badge on every visit; callbacks ask about it.",
     "上门拜访、接待客户必须佩戴工作牌。\n\n回访会询问客户经理是否佩戴工作牌。",
     "Wear your badge on every visit and reception.\n\nCallbacks ask the customer whether you did."),
    ("all_hours", "availability", "CON-12 CON-13",
     "24小时服务", "Service at all hours",
     "手机24小时开机;未接来电30分钟内回电。", "Your phone is on at all hours; call back within 30 minutes.",
     "客户经理需要为VIP客户提供24小时全天候服务,手机24小时开机。\n\n严禁故意不接听电话,或以不是工作时间为由拒绝为客户提供服务。\n\n"
     "未接来电须在30分钟内回电;超时转B角,再超时转主管。系统不限制登记沟通的时间。",
     "VIP customers are served at all hours: your phone is on day and night.\n\nNobody leaves a call unanswered on "
     "purpose, or refuses because it is not office time.\n\nA missed call is called back within 30 minutes; then the "
     "backup is told, then the supervisor. Contacts may be logged at any hour."),
    ("care", "care", "ENG-1 ENG-4",
     "点滴关怀", "Small acts of care",
     "生日时的一声问候、天气变化时的一句提醒、客户远行时的一声祝福。", "A birthday greeting, a word about the weather, wishes for a journey.",
     "系统提前3天在“今日工作”提醒生日(含农历)、节日、天气和出行,并备好短信文字。\n\n发送前加一句只对这位客户说的话;"
     "用“客户关怀”作为沟通时机登记,即为关怀记录。",
     "Today reminds you three days ahead of birthdays (lunar ones too), holidays, weather and journeys, with a ready "
     "text.\n\nAdd one sentence meant for this customer only; logged with the occasion “Care” it is the care record."),
    ("true_records", "truth", "CON-34",
     "记录真实", "True records",
     "记录每一次真实的沟通;补录最多3天,系统随机回访。", "Log what took place; three days late at most; customers are asked at random.",
     "沟通记录的登记时间由系统记录,补录最多3天并注明;同一时间不能在两处上门。\n\n系统每月随机抽取部分记录回访。"
     "客户表示“未发生”的,该次沟通不计入;客户经理可提出一次异议,由上级的上级裁定。",
     "The system's clock says when a contact was logged; it may be back-dated three days and is marked. Nobody is on site "
     "in two places at once.\n\nEvery month a random sample is called back. A contact that “never happened” does not "
     "count; the manager may object once, his supervisor's supervisor decides."),
]


def fill(apps: Any, schema_editor: Any) -> None:
    Article = apps.get_model("core", "Article")
    for position, row in enumerate(TEXTS, 1):
        code, area, source, title_zh, title_en, tip_zh, tip_en, body_zh, body_en = row
        Article.objects.get_or_create(
            code=code,
            defaults={
                "area": area, "source": source, "title_zh": title_zh, "title_en": title_en, "tip_zh": tip_zh,
                "tip_en": tip_en, "body_zh": body_zh, "body_en": body_en, "position": position,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("core", "0009_deleted_rows")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

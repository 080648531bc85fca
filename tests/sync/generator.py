"""Files for tests where no data file is at hand (decisions 33): like an operator's export, with planted faults.

Every fault is planted on purpose and its row, column and reason are handed back, so that a test can compare what the
import says with what is true.
"""

import csv
import io
import random

HEADER = [
    "客户编码", "客户名称", "客户类型", "归属单位", "客户经理工号", "级别", "手机号", "备用电话", "邮箱", "片区",
    "地址", "信用代码", "行业", "月消费", "入网日期", "偏好渠道", "性别", "生日", "状态", "sim卡类型", "发卡日期",
    "换卡日期",
    "免打扰开始", "免打扰结束",
]  # fmt: skip
GIVEN = "华兴盛达海天金龙恒泰永昌瑞丰嘉禾广源信诚远东新世纪蓝宝星光明月春风江南北方中原"

# What is written into which column, and the reason the import must give: thirty kinds of faults.
FAULTS = [
    ("客户名称", "", "required"),
    ("客户名称", "\u200b\u200b", "blank"),
    ("客户名称", "名" * 51, "too_long"),
    ("客户名称", "张\x07三", "invalid_character"),
    ("客户类型", "大佬", "invalid_choice"),
    ("归属单位", "Z9", "not_found"),
    ("归属单位", "B区", "not_found"),
    ("客户经理工号", "M9999", "not_found"),
    ("客户经理工号", "S1001", "not_found"),
    ("级别", "白金", "invalid_choice"),
    ("手机号", "1380013800", "invalid_phone"),
    ("手机号", "138001380000", "invalid_phone"),
    ("手机号", "电话", "invalid_phone"),
    ("备用电话", "0571", "invalid_phone"),
    ("邮箱", "nobody@", "invalid_email"),
    ("邮箱", "a b@example.com", "invalid_email"),
    ("片区", "区" * 31, "too_long"),
    ("地址", "街" * 201, "too_long"),
    ("信用代码", "91350100M000100Y4O", "invalid_credit_code"),
    ("信用代码", "123", "invalid_credit_code"),
    ("行业", "Z1", "invalid_industry"),
    ("月消费", "很多", "not_a_number"),
    ("月消费", "-5", "out_of_range"),
    ("月消费", "NaN", "not_a_number"),
    ("入网日期", "2026-02-30", "invalid_date"),
    ("入网日期", "1850-01-01", "out_of_range"),
    ("入网日期", "昨天", "invalid_date"),
    ("偏好渠道", "鸽子", "invalid_choice"),
    ("性别", "X", "invalid_choice"),
    ("生日", "2999-01-01", "out_of_range"),
    ("状态", "未知", "invalid_choice"),
    ("sim卡类型", "金卡", "invalid_choice"),
    ("免打扰开始", "25:00", "invalid_time"),
]


def good_row(number, draw):
    """A row that can be taken."""
    born = f"{draw.randint(1950, 2004)}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}"
    joined = f"{draw.randint(2005, 2025)}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}"
    return [
        f"G{number:07d}", "".join(draw.choices(GIVEN, k=3)), "VIP客户", draw.choice(("A", "B")),
        draw.choice(("M1001", "M1002", "M2001")), draw.choice(("钻石卡", "金卡", "银卡", "银卡", "silver")),
        f"1540{number:07d}", "", f"user{number}@example.com", f"{draw.choice('东西南北')}区",
        f"{draw.choice('东西南北')}大街{draw.randint(1, 900)}号", "", "", f"{draw.randint(1, 90000) / 100:.2f}", joined,
        draw.choice(("电话", "微信", "")), draw.choice(("男", "女")), born, "在网", draw.choice(("专属卡", "普通卡")),
        "", "", "", "",
    ]  # fmt: skip


def faulty_file(rows=10_000, faults=3_000, seed=7, encoding="utf-8", delimiter=","):
    """Bytes of the file, and {row number: (column, code)} of every planted fault."""
    draw = random.Random(seed)
    bad = dict(zip(sorted(draw.sample(range(rows), faults)), range(faults), strict=True))
    planted = {}
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(HEADER)
    for number in range(rows):
        row = good_row(number, draw)
        if number in bad:
            kind = bad[number] % (len(FAULTS) + 2)
            if kind < len(FAULTS):
                column, value, code = FAULTS[kind]
                row[HEADER.index(column)] = value
                planted[number + 2] = (column, code)
            elif kind == len(FAULTS):
                row = row[:-1]
                planted[number + 2] = ("", "too_few_cells")
            else:
                row[0] = "G0000000" if number and 0 not in bad else ""
                planted[number + 2] = ("客户编码", "duplicate" if row[0] else "required")
        writer.writerow(row)
    return text.getvalue().encode(encoding), planted


TELCO_HEADER = [
    "customerID",
    "gender",
    "SeniorCitizen",
    "Partner",
    "Dependents",
    "tenure",
    "PhoneService",
    "MultipleLines",
    "InternetService",
    "OnlineSecurity",
    "OnlineBackup",
    "DeviceProtection",
    "TechSupport",
    "StreamingTV",
    "StreamingMovies",
    "Contract",
    "PaperlessBilling",
    "PaymentMethod",
    "MonthlyCharges",
    "TotalCharges",
    "Churn",
]


def telco_file(rows=400, seed=3):
    """A file of the same shape as the one the project keeps a mapping for; one customer in four has left."""
    draw = random.Random(seed)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(TELCO_HEADER)
    for number in range(rows):
        charge = f"{draw.randint(18, 118)}.{draw.randint(0, 99):02d}"
        writer.writerow(
            [f"{number:04d}-ABCDE", draw.choice(("Female", "Male")), "0", "No", "No", draw.randint(0, 72)]
            + ["No"] * 9
            + [
                "One year",
                "Yes",
                "Mailed check",
                charge,
                "" if number % 90 == 0 else "100.5",
                "Yes" if number % 4 == 0 else "No",
            ]
        )
    return text.getvalue().encode()

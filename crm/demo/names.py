"""Invented people, companies, addresses and numbers: plausible, of nobody.

Mobile numbers begin with 154 and 164, which no operator was given; the area code 0300 does not exist; identity
numbers and credit codes carry areas that no place has.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
COMPOUND_SURNAMES = ("欧阳", "司马", "上官", "诸葛", "司徒")
MALE = "伟强磊军洋勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林欢阳志文建国海东晨昊然博瑞泽轩哲远航松柏"
FEMALE = "芳娜敏静丽艳娟霞秀玲桂英红梅琳雪慧莹洁倩婷颖璐瑶佳欣怡悦雅琪晴菲彤蕾岚萍燕妍思语涵诗云薇素兰清月"
BRANDS = (
    "宏远盛达嘉禾瑞丰恒泰永昌广源信诚天成金桥蓝湾星河银禾长风九禾万禾卓越鼎新博雅汇远联创启航腾越日升中昊东屿"
    "华昱新锐凯旋安禾同舟百川千禧明德弘毅致远立行和顺正泽隆盛源通海纳云帆晨曦"
)
TRADES: tuple[tuple[str, str], ...] = (
    ("机械制造有限公司", "C"),
    ("电子科技有限公司", "C"),
    ("食品有限公司", "C"),
    ("纺织品有限公司", "C"),
    ("建材有限公司", "C"),
    ("建设工程有限公司", "E"),
    ("贸易有限公司", "F"),
    ("商贸有限公司", "F"),
    ("物流有限公司", "G"),
    ("运输有限公司", "G"),
    ("大酒店有限公司", "H"),
    ("餐饮管理有限公司", "H"),
    ("软件有限公司", "I"),
    ("信息技术有限公司", "I"),
    ("融资担保有限公司", "J"),
    ("房地产开发有限公司", "K"),
    ("物业服务有限公司", "K"),
    ("人力资源服务有限公司", "L"),
    ("工程设计院", "M"),
    ("园林绿化有限公司", "N"),
    ("家政服务有限公司", "O"),
    ("实验中学", "P"),
    ("职业技术学校", "P"),
    ("康复医院", "Q"),
    ("口腔门诊部", "Q"),
    ("文化传媒有限公司", "R"),
)
SHOPS = ("手机专卖店", "通讯经营部", "通讯器材店", "数码广场", "便民服务点", "手机连锁店", "电讯行")
CITY = "江城"
STREETS = (
    "人民",
    "解放",
    "建设",
    "新华",
    "和平",
    "文化",
    "中山",
    "滨河",
    "学府",
    "迎宾",
    "兴业",
    "朝阳",
    "长安",
    "青年",
)


@dataclass(frozen=True)
class Person:
    """A name with its sex."""

    name: str
    sex: str


class Namer:
    """Draws names and numbers from one source of randomness; every number once."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self._companies: set[str] = set()
        self._phones = {"154": 0, "164": 0}
        self._landlines = 0
        self._codes = 0

    def person(self) -> Person:
        """A person: one surname, one or two characters after it."""
        draw = self.random
        sex = "female" if draw.random() < 0.48 else "male"
        surname = draw.choice(COMPOUND_SURNAMES) if draw.random() < 0.006 else draw.choice(SURNAMES[:50])
        if draw.random() < 0.3:
            surname = draw.choice(SURNAMES) if len(surname) == 1 else surname
        given = FEMALE if sex == "female" else MALE
        return Person(surname + "".join(draw.choices(given, k=1 if draw.random() < 0.22 else 2)), sex)

    def company(self) -> tuple[str, str]:
        """A company of the city and the letter of its industry (GB/T 4754)."""
        while True:
            brand = self._brand()
            trade, industry = self.random.choice(TRADES)
            name = f"{CITY}{'市' if self.random.random() < 0.5 else ''}{brand}{trade}"
            if name not in self._companies:
                self._companies.add(name)
                return name, industry

    def shop(self, district: str) -> str:
        """An agent's shop (channel customer)."""
        while True:
            name = f"{district}{self._brand()}{self.random.choice(SHOPS)}"
            if name not in self._companies:
                self._companies.add(name)
                return name

    def _brand(self) -> str:
        start = self.random.randrange(0, len(BRANDS) - 1, 2)
        if self.random.random() < 0.4:
            return BRANDS[start] + self.random.choice(BRANDS)
        return BRANDS[start : start + 2]

    def phone(self, prefix: str = "154") -> str:
        """A mobile number nobody can have."""
        self._phones[prefix] += 1
        return f"{prefix}0{self._phones[prefix] * 7919 % 10_000_000:07d}"

    def landline(self) -> str:
        """A landline in an area that does not exist."""
        self._landlines += 1
        return f"0300-{80_000_000 + self._landlines * 6007 % 10_000_000:08d}"

    def address(self, district: str) -> str:
        """Street and number in a district."""
        draw = self.random
        kind = draw.choice(("路", "街", "大道", "巷"))
        room = f"{draw.randint(1, 20)}层{draw.randint(1, 9):02d}室" if draw.random() < 0.5 else ""
        return f"{CITY}市{district}{draw.choice(STREETS)}{kind}{draw.randint(1, 399)}号{room}"

    def credit_code(self) -> str:
        """A unified social credit code of no real place, its check characters right."""
        self._codes += 1
        organisation = f"Y{self._codes * 7919 % 10_000_000:07d}"
        head = "91990100" + organisation + organisation_check(organisation)
        return head + credit_check(head)

    def id_number(self, birthday: str, sex: str) -> str:
        """An identity number of no real place; `birthday` as YYYYMMDD."""
        serial = self.random.randrange(0, 500) * 2 + (sex == "male")
        head = f"119902{birthday}{serial % 1000:03d}"
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
        rest = sum(int(digit) * weight for digit, weight in zip(head, weights, strict=True)) % 11
        return head + "10X98765432"[rest]


ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_check(head: str) -> str:
    """The 18th character of a credit code (GB 32100)."""
    total = sum(ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(head))
    return ALPHABET[(31 - total % 31) % 31]


def organisation_check(code: str) -> str:
    """The ninth character of an organisation code (GB 11714)."""
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    rest = 11 - sum(letters.index(char) * weight for char, weight in zip(code, weights, strict=True)) % 11
    return "0" if rest == 11 else "X" if rest == 10 else str(rest)

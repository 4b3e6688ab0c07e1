"""The people of the demo factory and where its things stand. Their passwords are public: never a real site."""

from __future__ import annotations

import msgspec

from backend.actions.found_site import FirstLocation
from backend.domain.people import Role
from backend.domain.words import Language, Words

ORGANISATION = Words("Lanting Medical", "兰亭医疗器械")
SITE = "SZ1"
SITE_NAME = Words("Shenzhen works", "深圳工厂")
ZONE = "Asia/Shanghai"


class DemoPerson(msgspec.Struct, frozen=True):
    """Who can sign in; `totp_secret` (base32) is set for those who sign without a passkey."""

    login: str
    printed_name: str
    language: Language
    roles: list[Role]
    password: str
    totp_secret: str | None = None


DEMO_PEOPLE = (
    DemoPerson("wang", "王芳", "zh", ["warehouse"], "lotgate-demo-wang"),
    DemoPerson("li", "李娜", "zh", ["inspector"], "lotgate-demo-li"),
    DemoPerson("garcia", "Elena Garcia", "en", ["inspector"], "lotgate-demo-garcia"),
    DemoPerson("zhao", "赵强", "zh", ["operator"], "lotgate-demo-zhao"),
    DemoPerson("sun", "孙梅", "zh", ["supervisor"], "lotgate-demo-sun", "LOTGATEDEMOSUNLOTGATEDEMOSUN2345"),
    DemoPerson("novak", "Anna Novak", "en", ["quality_engineer"], "lotgate-demo-novak"),
    DemoPerson(
        "zhou", "周文", "zh", ["quality_manager"], "lotgate-demo-zhou", "LOTGATEDEMOZHOULOTGATEDEMOZHOU23"
    ),
    DemoPerson("admin", "Thomas Reed", "en", ["administrator"], "lotgate-demo-admin"),
)
BY_LOGIN = {person.login: person for person in DEMO_PEOPLE}

LOCATIONS = [
    FirstLocation("RCV-1", Words("Receiving dock", "收货区"), "receiving"),
    FirstLocation("QUA-1", Words("Quarantine, shelf 1", "待检区 1 号架"), "quarantine"),
    FirstLocation("QUA-2", Words("Quarantine, shelf 2", "待检区 2 号架"), "quarantine"),
    FirstLocation("REL-1", Words("Released stock, shelf 1", "合格品区 1 号架"), "released"),
    FirstLocation("REL-2", Words("Released stock, shelf 2", "合格品区 2 号架"), "released"),
    FirstLocation("REJ-1", Words("Rejected stock, locked", "不合格品区（上锁）"), "rejected"),
    FirstLocation("PRD-1", Words("Assembly line 1", "组装一线"), "production"),
    FirstLocation("SHP-1", Words("Shipping dock", "发货区"), "shipping"),
]

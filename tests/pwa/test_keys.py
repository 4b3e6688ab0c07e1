"""One-time codes are set up by a QR code that any authenticator app reads, or by the text beneath it."""

from __future__ import annotations

import cv2
import numpy as np
import pyotp
import zxingcpp
from playwright.async_api import expect

from backend.demo.people import BY_LOGIN
from tests.pwa.house import House
from tests.pwa.views import enter


async def test_an_authenticator_app_is_set_up_by_its_qr_code(house: House) -> None:
    async with house.phone(dark=True) as phone:
        await enter(phone, "novak", "en")
        await phone.go("/keys")
        await phone.page.locator("details.card:has([data-testid=totp-begin]) summary").click()
        await phone.write("totp-password", BY_LOGIN["novak"].password)
        await phone.tap("totp-begin")
        await phone.at("totp-qr").evaluate("picture => picture.scrollIntoView({ block: 'center' })")
        picture = await phone.at("totp-qr").screenshot()
        secret = (await phone.at("totp-secret").inner_text()).replace(" ", "")

        read = zxingcpp.read_barcodes(cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE))
        assert [code.text for code in read] == [
            pyotp.TOTP(secret).provisioning_uri(name="novak", issuer_name="Lotgate")
        ]
        app = pyotp.parse_uri(read[0].text)
        assert isinstance(app, pyotp.TOTP)
        await phone.write("totp-code", app.now())
        await phone.tap("totp-confirm")
        await expect(phone.at("totp-qr")).to_have_count(0)
        assert (await phone.api("/api/me/keys"))["totp"] is True

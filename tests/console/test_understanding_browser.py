"""Understanding in a real Chromium: from a click in a conversation to a model in force, and open to everyone."""

import re

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from core.actions import models, training
from core.store.tables import Reading
from tests.console.office import Office
from tests.console.test_browser import DANA, PHONE, TOM, WIDE, Floor, floor
from tests.console.test_models import made, train
from tests.console.test_understanding import mumble

__all__ = ["floor"]
pytestmark = pytest.mark.browser


async def unsure_of(office: Office) -> None:
    """Several people have written what the engine is unsure of; the release's model is in force, another waits."""
    await mumble(office, 6, "我是陈思远，手机13800138000，家里出事了，能不能缓几天", ("request_extension", 0.41),
                 ("hardship_family", 0.38), ("cannot_pay", 0.11))  # fmt: skip
    await mumble(
        office, 9, "it's all a bit much rn tbh, can we sort smth", ("distress", 0.44), ("ask_other_options", 0.4)
    )
    await mumble(office, 1, "这个数不对吧，我记得没这么多", ("dispute_amount", 0.57), ("ask_balance", 0.21))
    async with office.works.begin() as work:
        model_id = await models.ensure_release(work, "release-1", "3c6846f374dd0a4a")
        await models.now_running(work, model_id)
    await train(office.works, office.team["max"], after={"self_harm_recall": 0.95})


async def test_from_a_misunderstood_message_to_a_model_in_force(floor: Floor) -> None:
    await unsure_of(floor.office)
    ana, sue, max_ = [await floor.sit_down(login) for login in ("ana", "sue", "max")]
    await floor.open(ana, TOM)
    message = ana.locator(".message.debtor").last
    await message.get_by_role("button", name="The assistant misunderstood this").click()
    await expect(message.get_by_text("Misunderstood", exact=True)).to_be_visible()
    await sue.goto(f"{floor.address}/understanding?tab=misheard")
    row = sue.locator(".reading").first
    await expect(row).to_contain_text("Ana Costa")
    await row.get_by_label("Another meaning").fill("Picks an offer")
    await row.get_by_label("Another meaning").press("Enter")
    await expect(row.get_by_role("button", name="Picks an offer")).to_have_attribute("aria-pressed", "true")
    await expect(sue.locator("#count-relabelled")).to_have_text("1")
    await row.get_by_role("button", name="Will pay by a date").click()
    await expect(row.locator(".chip.good")).to_contain_text("Picks an offer + Will pay by a date")
    await row.get_by_role("button", name="Undo").click()
    await expect(row.locator(".chip.flag")).to_contain_text("Misunderstood")
    await row.get_by_role("button", name="Will pay by a date").click()
    await expect(sue.locator("#count-misheard")).to_have_text("0")
    assert [each.labels for each in await floor.office.rows(Reading, state="relabelled")] == [["promise_to_pay"]]
    async with max_.expect_response(re.compile("/understanding/models")):
        await max_.goto(f"{floor.address}/understanding/models")
    await max_.get_by_role("button", name="Train a new model").click()
    await expect(max_.get_by_text("Waiting for a worker")).to_be_visible()
    async with floor.office.works.begin() as work:
        model_id = await training.claim(work)
    assert model_id is not None
    for stage, shown in (("learning", "Learning"), ("comparing", "Comparing")):
        async with floor.office.works.begin() as work:
            await training.beat(work, model_id, stage)
        await expect(max_.locator(".stages [aria-current]")).to_contain_text(shown)
    async with floor.office.works.begin() as work:
        await training.finish(work, model_id, made("new-2"))
    candidate = max_.locator(f"#model-{model_id}")
    await expect(candidate).to_contain_text("+5.0 better")
    await candidate.get_by_role("button", name="Promote").click()
    await expect(max_.locator("#models [role=status]").first).to_contain_text("The model is in force.")
    await max_.get_by_role("button", name="Go back to this one").click()
    await expect(max_.get_by_text("The earlier model is in force again.")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_neither_page_shuts_anyone_out_or_runs_off_the_screen(floor: Floor, language: str) -> None:
    await unsure_of(floor.office)
    page = await floor.sit_down("max", language)
    found = []
    for path in ("/understanding", "/understanding?tab=all&order=least", "/understanding/models"):
        for size in (WIDE, PHONE):
            await page.set_viewport_size({"width": size["width"], "height": size["height"]})
            await page.goto(floor.address + path)
            wider = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
            found += [f"{path} runs {wider} px off a screen of {size['width']}"] if wider > 0 else []
            results = await Axe().run(page)
            found += [
                f"{path}: {each['id']} {each['nodes'][0]['html'][:120]}" for each in results.response["violations"]
            ]
    assert found == []
    await floor.open(page, DANA)
    assert (await Axe().run(page)).response["violations"] == []

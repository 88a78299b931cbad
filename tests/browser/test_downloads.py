"""Files made in the kernel and handed to the browser."""

import json
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from secondopinion.widgets import plan_form

from .visiting import INSURANCE, choose, open_workbook, plan_of

KINDS = {
    "Plan to print (PDF)": "plan_pdf",
    "Plan to change (Word)": "plan_docx",
    "Days for my calendar": "calendar",
    "Everything in one folder (zip)": "everything",
    "Save my answers": "answers",
}


def downloaded(page: Page, label: str) -> tuple[str, bytes]:
    with page.expect_download() as download:
        page.get_by_role("button", name=label, exact=True).click()
    return download.value.suggested_filename, download.value.path().read_bytes()


def made_here(label: str) -> tuple[str, bytes]:
    today = date.today()  # noqa: DTZ011  (the page in the browser plans for it)
    file = plan_form(today).file(KINDS[label])
    return file.name, file.content


@pytest.mark.parametrize("label", KINDS)
def test_a_file_from_the_served_page_is_the_one_that_python_makes(
    page: Page, served: str, label: str
):
    open_workbook(page, served)
    assert downloaded(page, label) == made_here(label)


def test_a_file_saved_in_the_browser_opens_in_a_new_visit_to_the_identical_plan(
    page: Page, served: str, tmp_path: Path
):
    open_workbook(page, served)
    choose(page, INSURANCE, "TRICARE Prime")
    expect(plan_of(page)).to_contain_text("TRICARE Prime")
    box = plan_of(page).get_by_role("checkbox", name="Tell your doctor")
    box.check()
    expect(plan_of(page)).to_contain_text("primary care manager")
    before = plan_of(page).inner_text()
    name, file = downloaded(page, "Save my answers")
    (tmp_path / name).write_bytes(file)

    open_workbook(page, served)
    expect(plan_of(page)).to_contain_text("Start with your insurance")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Open my file").click()
    chooser.value.set_files(tmp_path / name)
    expect(page.get_by_text("Your answers are back.")).to_be_visible()
    expect(plan_of(page)).to_contain_text("TRICARE Prime")  # it is drawn last
    assert plan_of(page).inner_text() == before
    expect(box).to_be_checked()


def test_a_file_that_is_not_ours_is_refused_in_words_and_the_answers_stay(
    page: Page, served: str, tmp_path: Path
):
    (tmp_path / "other.json").write_text(json.dumps({"a": "<b>bold</b>"}))
    open_workbook(page, served)
    choose(page, INSURANCE, "TRICARE Prime")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Open my file").click()
    chooser.value.set_files(tmp_path / "other.json")
    expect(
        page.get_by_role("alert").filter(has_text="not a file that this workbook")
    ).to_be_visible()
    expect(plan_of(page)).to_contain_text("TRICARE Prime")

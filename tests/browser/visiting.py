"""What a person does with the workbook: find a part, choose, write, leave."""

from playwright.sync_api import Locator, Page, expect

INSURANCE = "What insurance do you have?"
STATE = "Which state do you live in?"
ILLNESS = "What illness is this about?"
ADVISED = "What did the first doctor advise?"
STAGE = "Where are you now?"
REFUSED = "What did the plan say no to?"
LETTER = "Date on the first letter that said no"
PRICE = "Price of the visit ($)"
COVERED = "Yes, a second opinion is covered"

OPTIONS = "options => options.map(option => [option.textContent, option.value])"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
OPEN_ALL = "folds => folds.forEach(fold => { fold.open = true })"


def open_workbook(page: Page, address: str) -> None:
    """Open the workbook and wait until it can be used."""
    page.goto(address)
    expect(form_of(page)).to_be_visible(timeout=60_000)


def form_of(page: Page) -> Locator:
    """Return the questions."""
    return page.get_by_role("form", name="Your answers", exact=True)


def plan_of(page: Page) -> Locator:
    """Return the plan."""
    return page.get_by_role("region", name="Your plan", exact=True)


def part(page: Page, heading: str) -> Locator:
    """Return the part of the plan under a heading."""
    return plan_of(page).get_by_role("region", name=heading, exact=True)


def list_of(page: Page, question: str) -> Locator:
    """Return the list from which a question is answered."""
    return page.get_by_role("combobox", name=question)


def choose(page: Page, question: str, answer: str) -> None:
    """Pick an answer from a list; its heading, where it has one, may stand before a bar."""
    field = list_of(page, question)
    expect(field).to_be_visible()
    offered = field.locator("option").evaluate_all(OPTIONS)
    values = [value for text, value in offered if _last_words(text) == answer]
    assert values, f"{answer!r} is not among {[text for text, _ in offered]}"
    field.select_option(value=values[0])


def chosen(page: Page, question: str) -> str:
    """Return the answer that a list shows."""
    text: str = list_of(page, question).evaluate("list => list.selectedOptions[0].textContent")
    return _last_words(text)


def _last_words(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").rpartition("|")[2].strip()


def write(page: Page, question: str, answer: str) -> None:
    """Write an answer and go on to the next field."""
    field = page.get_by_label(question, exact=True)
    field.fill(answer)
    field.press("Tab")


def answer_for_breast_cancer_surgery(page: Page) -> None:
    """Give the answers that lead to a plain yes."""
    choose(page, INSURANCE, "Original Medicare")
    write(page, ILLNESS, "breast cancer")
    choose(page, ADVISED, "Surgery")
    expect(part(page, COVERED)).to_be_visible()


def deny_medicare_advantage(page: Page) -> None:
    """Give the answers of somebody whose plan said no on March 2, 2026."""
    choose(page, INSURANCE, "Medicare Advantage HMO")
    choose(page, STAGE, "My plan said no")
    choose(page, REFUSED, "Approval before the visit (prior authorization)")
    write(page, LETTER, "2026-03-02")

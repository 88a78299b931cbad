"""A text in the cell of a spreadsheet: it says what it says and can do nothing."""

MOST = 32_000
"""Excel keeps 32,767 characters in a cell and drops a longer text without a word."""

_ACTS = tuple("=+-@\t\r\n|%＝＋－＠")  # noqa: RUF001  (their wide twins act too)
_UNPRINTABLE = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF), " ")


def harmless(text: str) -> str:
    """Return a text that no spreadsheet program takes for a formula."""
    clean = text.translate(_UNPRINTABLE).replace("\r\n", "\n").replace("\r", "\n")
    acts = text.startswith(_ACTS) or clean.lstrip().startswith(_ACTS)
    whole = f"'{clean}" if acts else clean
    return whole if len(whole) <= MOST else f"{whole[:MOST]}…"

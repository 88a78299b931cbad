"""What somebody may have meant who wrote a word that we do not know."""

from collections.abc import Iterable

_MOST = 6
_AS_NEAR = 0.05  # of how alike two words are, from 0 to 1


def hint(word: str, known: Iterable[str]) -> str:
    """Return a question for what somebody may have meant, or nothing.

    All words that are about as near are named: the first of them alone might be the name of
    another insurance. Where more than six would be, nobody is led anywhere.

    Parameters
    ----------
    word
        What was written.
    known
        The words there are.
    """
    from difflib import SequenceMatcher, get_close_matches  # noqa: PLC0415  (7 ms; seldom needed)

    listed = list(known)
    alike = {
        name: SequenceMatcher(None, name, word).ratio()
        for name in get_close_matches(word, listed, n=_MOST)
    }
    enough = max(alike.values(), default=1.0) - _AS_NEAR
    begun = {name for name in listed if word and name.startswith(word)}
    meant = [name for name in listed if name in begun or alike.get(name, 0.0) > enough]
    if not 0 < len(meant) <= _MOST:
        return ""
    *others, last = meant
    return f"did you mean {', '.join(others)} or {last}?" if others else f"did you mean {last}?"

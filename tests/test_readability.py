"""How many years of school a text asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondopinion.readability import reading_grade, syllables

WORDS = [
    (word, count)
    for count, words in {
        1: ["you", "plan", "asked", "states", "take", "through", "rules", "weeks"],
        2: ["doctor", "needed", "table", "pages", "being", "trial", "client", "people", "careful"],
        3: ["opinion", "insurance", "area", "hospital", "employer", "radio", "video", "approval"],
        4: ["deductible", "independent", "information", "usually", "pathologist"],
        5: ["authorization"],
    }.items()
    for word in words
]
sentences = st.lists(st.sampled_from([word for word, _ in WORDS]), min_size=1, max_size=30)


@pytest.mark.parametrize(("word", "count"), WORDS)
def test_a_word_has_as_many_syllables_as_one_hears(word, count):
    assert syllables(word) == count


def test_letters_that_stand_for_words_are_heard_one_by_one():
    assert (syllables("HMO"), syllables("TRICARE")) == (3, 2)


def test_a_number_is_heard_as_one():
    assert reading_grade("Pay 283 now.") == reading_grade("Pay it now.")


def test_the_grade_is_that_of_the_formula():
    six_words_of_one_syllable = 0.39 * 6 + 11.8 * 1 - 15.59
    assert reading_grade("The cat sat on the mat.") == pytest.approx(six_words_of_one_syllable)


def test_a_text_without_words_has_no_grade():
    assert reading_grade() is reading_grade("", "... !") is None


def test_every_text_ends_its_sentence():
    assert reading_grade("Your slides", "Your scans") == reading_grade("Your slides. Your scans.")


@pytest.mark.parametrize(
    "text",
    ["Ask Dr. Lee today.", "It costs $174.70 today.", "The U.S. pays it."],
)
def test_a_dot_inside_a_sentence_does_not_end_it(text):
    assert reading_grade(text) == reading_grade(text.replace(".", "") + ".")


def test_a_question_in_quotes_ends_a_sentence():
    assert reading_grade('Ask, "Is it so?" Then go.') == reading_grade("Ask, is it so. Then go.")


@given(sentences)
def test_a_sentence_without_a_break_is_never_easier(words):
    once = reading_grade(" ".join(words) + ".")
    twice = reading_grade(" ".join(words) + " " + " ".join(words) + ".")
    assert once is not None
    assert twice is not None
    assert twice > once


@given(st.text())
def test_every_text_can_be_graded(text):
    assert reading_grade(text) is None or isinstance(reading_grade(text), float)

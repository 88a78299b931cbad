"""The workbook's form and plan in Streamlit, for comparison: `streamlit run streamlit_app.py`."""

from typing import Any

import streamlit as st

from benchmarks.app.same_form import (
    BY_NAME,
    CHOOSE,
    CHOSEN,
    LEAD,
    QUESTIONS,
    SEVERAL,
    TITLE,
    Asked,
    plan_for,
)


def _ask(question: Asked) -> None:
    """Show a question; Streamlit keeps its answer in the session's state under its id."""
    if question.kind in CHOSEN or question.id == BY_NAME:
        labels = ["", *question.answers]
        st.selectbox(
            question.text, labels, format_func=lambda label: label or CHOOSE, key=question.id
        )
    elif question.kind == SEVERAL:
        st.write(question.text)
        for label in question.answers:
            st.checkbox(label, key=f"{question.id} {label}")
    elif question.kind == "day":
        st.date_input(question.text, value=None, key=question.id)
    else:
        st.text_input(question.text, key=question.id)
    if question.help:
        st.caption(question.help)


def _answer(question: Asked) -> Any:
    said = st.session_state
    if question.kind == SEVERAL:
        ticked = (label for label in question.answers if said.get(f"{question.id} {label}"))
        return [question.answers[label] for label in ticked]
    answer = said.get(question.id)
    return question.answers.get(answer, answer) if question.answers else answer


st.set_page_config(page_title="Second Opinion Workbook", layout="wide")
asked, html = plan_for({question.id: _answer(question) for question in QUESTIONS})
left, right = st.columns(2)
with left:
    st.header(TITLE)
    st.write(LEAD)
    section = ""
    for one in QUESTIONS:
        if one.id not in asked:
            continue
        if one.section != section:
            section = one.section
            st.subheader(section)
        _ask(one)
with right:
    st.html(html)

"""What the planner does about a failure: one small named strategy per kind.

    failure ──▶ diagnosis.symptom_of ──▶ symptom ──▶ strategies.remedies ──▶ changed plans
                                            │
                                            └──▶ anew.reason: the plan's own program will do

A strategy never touches the text of a program: it changes the plan, or how the plan is rendered,
and says why in one sentence.
"""

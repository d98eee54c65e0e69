"""What a rehearsal catches, what it lets pass, and how long it takes.

faults.py     one hundred seeded errors, each one change of a program in programs/{spark,ray}
good.py       those programs without the errors, some that few rows upset, and the planner's own
stage.py      the inputs, and runners with warm engines
step.py       one claimed step around a program
report.py     the table
"""

"""How many questions are answered right: prompt, planner, program, execution, rows, score."""

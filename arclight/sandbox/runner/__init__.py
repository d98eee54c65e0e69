"""The long-lived process beside an executor: it owns the cages and the warm engines.

    executor (Celery)                      runner
    ─────────────────                      ──────
    Ask: limits, isolation       ──▶       waits for a free place
                                 ◀──       Placed: a slot, and which way
    puts program and inputs into the slot
    Go                           ──▶       runs the program in its cage
                                 ◀──       Line, Numbers … Ended
    collects the answer
    closes the connection        ──▶       removes the slot, cleans the engine

The end of the connection at any other moment means that the executor is gone or the job is
cancelled: the program is killed.
"""

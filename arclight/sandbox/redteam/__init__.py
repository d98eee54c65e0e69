"""`arclight doctor --redteam`: programs of our own that try to leave the cage, judged from outside.

A self-test that an operator runs on their own machine. The programs in `programs/` run through the
real launcher with static checks off; what they print about themselves counts for nothing.
"""

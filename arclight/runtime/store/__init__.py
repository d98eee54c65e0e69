"""Where job records live: one port, two adapters, one contract suite."""

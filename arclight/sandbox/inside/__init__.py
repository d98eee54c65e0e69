"""What runs inside the cage: bound read-only, loaded by path, standard library only."""

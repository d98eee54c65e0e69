"""The programs that run inside a Ray cage, driven as the runner drives them, without the cage."""

"""Plumbing that every service shares."""

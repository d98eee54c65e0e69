"""What the loop itself costs: no-op steps against a bare Celery chain on the same broker."""

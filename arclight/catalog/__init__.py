"""What a source looks like: schema, sample, size."""

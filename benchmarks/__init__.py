"""Speed claims: ratios against a peer in the same run, medians of five rounds or more."""

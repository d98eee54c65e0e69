"""What a program says, without running it: scopes, constants, origins, reads, writes."""

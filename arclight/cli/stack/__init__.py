"""The embedded stack: Valkey, every service and Flower as processes of one machine."""

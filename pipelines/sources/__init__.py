"""Where stories come from: bytes with their origin."""

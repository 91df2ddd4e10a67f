"""How it is done: one Beam composite a file; the work itself is in `transforms.text`."""

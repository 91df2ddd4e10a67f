"""Pure functions over text: no Beam, no I/O."""

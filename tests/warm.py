"""Loads what annotating needs when it is imported: a server that forks preloads it, and no child takes seconds to load it for itself."""

from transforms.text.annotate import load

load()

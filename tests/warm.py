"""Loads the tables when it is imported: a server that forks preloads it, and no child takes seconds to load them for itself."""

from transforms.text import annotate, cleaning

cleaning.load()
annotate.load()

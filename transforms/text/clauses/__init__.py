"""Who said what, by the words of a paragraph alone: its tokens, the noun phrases around verbs of speech, and one named pattern for each way
in which wire copy reports speech."""

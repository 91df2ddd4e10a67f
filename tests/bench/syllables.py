"""Parts of names that nobody bears: of generated stories, and of those of tests."""

SYLLABLES = (
    "bar",
    "del",
    "fen",
    "gor",
    "hal",
    "kes",
    "lun",
    "mar",
    "nor",
    "pel",
    "quin",
    "ras",
    "sol",
    "tam",
    "ul",
    "ver",
    "wex",
    "yor",
    "zan",
    "dru",
)
ENDINGS = ("ack", "ello", "ett", "iva", "ovik", "ane", "ume", "orsen", "ida", "ulu")

"""Who a story is: 128-bit hashes of what identifies a delivery, a chain of versions, a text, a story."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable

from schemas import Origin, Row

_WORD = re.compile(r"[^\W_]+")


def hash128(parts: Iterable[object]) -> str:
    """Hash of a sequence of parts as 32 hexadecimal digits; null differs from the empty text, and no two sequences run together."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = b"" if part is None else str(part).encode("utf-8", "surrogatepass")
        digest.update(b"-" if part is None else b"%d:" % len(data))
        digest.update(data)
    return digest.hexdigest()


def canonical_text(headline: str | None, body: str) -> str:
    """The words of headline and body, case, typography, punctuation and white space folded away (NFKC, casefold).

    Digits, accents and the order of words stay: a changed figure or name is another text."""
    folded = unicodedata.normalize("NFKC", f"{headline or ''}\n{body}").casefold()
    return " ".join(_WORD.findall(folded))


def content_hash(story: Row) -> str:
    """Hash of a story's canonical text."""
    return hash128([canonical_text(story["headline"], story["body"])])


def story_id(story: Row) -> str:
    """A story's id: it follows who sent it, as which version, in which state, and what it says after cleaning."""
    keys = ("provider", "guid", "version", "pubstatus", "embargoed", "headline", "dateline_text", "body")
    return hash128(story[key] for key in keys)


def chain(story: Row) -> str:
    """The identity that all versions of a story share: provider and guid; a story without guid is a chain of its own."""
    if story["guid"]:
        return hash128(["guid", story["provider"], story["guid"]])
    return hash128(["story", story["story_id"]])


EVOLVED = "evolvedfrom"
"""The key of `extra` under which a format keeps the guid of the story that one comes from (ninjs 1.3 `evolvedfrom`, NewsML-G2 irel)."""


def evolved_chain(story: Row) -> str | None:
    """The chain of the story of the same provider that this one says it comes from; null where it names none or itself."""
    if not story["extra"] or EVOLVED not in story["extra"]:
        return None
    guid = json.loads(story["extra"]).get(EVOLVED)
    return chain({**story, "guid": guid}) if isinstance(guid, str) and guid and guid != story["guid"] else None


def delivery_id(origin: Origin, piece: int, raw_sha256: str | None) -> str:
    """A delivery's id: where the piece came from, which one it is, and its item's bytes."""
    return hash128([origin.source_uri, origin.place, origin.message_id, piece, raw_sha256])

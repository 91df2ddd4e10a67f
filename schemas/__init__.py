"""The contracts: what a row of every table means, as pydantic models with one Arrow schema each."""

from schemas.annotations import Entity, Fragment, Quote
from schemas.base import Contract, Row
from schemas.codec import decode, encode, stream
from schemas.ledger import Delivery, Origin, Raw, RawItem, Rejected, Run
from schemas.lineage import Id, Notice, Sketch, Update
from schemas.story import Caption, CountryScore, Paragraph, Story, Subject

SCHEMA_VERSION = 1
"""Of the lake. A lake with a greater one is refused; additive changes do not raise it."""

TABLES: dict[str, type[Contract]] = {
    "entities": Entity,
    "quotes": Quote,
    "sketches": Sketch,
    "updates": Update,
    "rejected": Rejected,
    "raw": Raw,
    "notices": Notice,
    "stories": Story,
    "ids": Id,
    "deliveries": Delivery,
}
"""Every table but `runs`, in the order of a commit: what stories refer to first, `stories`, `ids`, `deliveries` last."""

__all__ = [
    "SCHEMA_VERSION",
    "TABLES",
    "Caption",
    "Contract",
    "CountryScore",
    "Delivery",
    "Entity",
    "Fragment",
    "Id",
    "Notice",
    "Origin",
    "Paragraph",
    "Quote",
    "Raw",
    "RawItem",
    "Rejected",
    "Row",
    "Run",
    "Sketch",
    "Story",
    "Subject",
    "Update",
    "decode",
    "encode",
    "stream",
]

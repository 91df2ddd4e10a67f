"""What every contract is made of: one strict model class and its Arrow schema."""

import datetime as dt
import functools
import types
import typing
from typing import Annotated, Any, ClassVar

import annotated_types
import pyarrow as pa
import pydantic

Row = dict[str, Any]
"""A validated row in flight: the field names of its model, plain Python values."""

HexId = Annotated[str, pydantic.StringConstraints(pattern=r"^[0-9a-f]{32}$")]
"""A 128-bit hash as 32 lower-case hexadecimal digits."""

RunId = HexId
"""The run that wrote the row: `run` of `runs`."""

CountryCode = Annotated[str, pydantic.StringConstraints(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2 in upper case; `ZZ` (user-assigned in ISO) where it is unknown."""

Instant = pydantic.AwareDatetime
"""A moment in UTC, microseconds."""

Offset = Annotated[int, annotated_types.Ge(0)]
"""A position in a text, counted in characters (code points) from 0."""

StoryDate = dt.date
"""The day of the story's `published_at` (UTC)."""

StoryCountry = CountryCode
"""The story's `country`: what it is about, else where it was filed, else `ZZ`; ISO 3166-1 alpha-2."""

ReceivedOn = dt.date
"""The day of `received_at` (UTC)."""

_SCALARS: dict[Any, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    bytes: pa.binary(),
    dt.datetime: pa.timestamp("us", tz="UTC"),
    pydantic.AwareDatetime: pa.timestamp("us", tz="UTC"),
    dt.date: pa.date32(),
}


class Contract(pydantic.BaseModel):
    """A row that crosses an edge. Unknown fields are refused; a field's order is its column's order."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    partition_by: ClassVar[tuple[str, ...]] = ()

    @classmethod
    @functools.cache
    def arrow_schema(cls) -> pa.Schema:
        """All columns, those of the partition included (they come last, as readers see them)."""
        fields = [_field(name, info.annotation) for name, info in cls.model_fields.items()]
        inner = [field for field in fields if field.name not in cls.partition_by]
        outer = sorted((field for field in fields if field.name in cls.partition_by), key=lambda f: f.name)
        return pa.schema(inner + outer)

    @classmethod
    @functools.cache
    def file_schema(cls) -> pa.Schema:
        """The columns that stand in a Parquet file: partition columns live in the path alone."""
        return pa.schema([field for field in cls.arrow_schema() if field.name not in cls.partition_by])


def _field(name: str, annotation: Any) -> pa.Field:
    kind, nullable = _arrow_type(annotation)
    return pa.field(name, kind, nullable=nullable)


def _arrow_type(annotation: Any) -> tuple[pa.DataType, bool]:
    """Arrow type and nullability of a model's annotation; TypeError for one that has no column."""
    if annotation in _SCALARS:
        return _SCALARS[annotation], False
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        return _arrow_type(args[0])
    if origin is typing.Literal:
        return pa.string(), False
    if origin in (typing.Union, types.UnionType):
        inner = [arg for arg in args if arg is not type(None)]
        if len(inner) == 1 and len(args) == 2:
            return _arrow_type(inner[0])[0], True
    if origin is list:
        kind, nullable = _arrow_type(args[0])
        return pa.list_(pa.field("element", kind, nullable=nullable)), False
    if isinstance(annotation, type) and issubclass(annotation, pydantic.BaseModel):
        return pa.struct([_field(name, info.annotation) for name, info in annotation.model_fields.items()]), False
    raise TypeError(f"no Arrow type for {annotation!r}")

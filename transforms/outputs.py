"""Names for several inputs or outputs of one composite. Beam reads the annotations of `expand` and warns of any that is not one
PCollection."""

from typing import Any, TypeAlias

Outputs: TypeAlias = Any
"""A `beam.pvalue.DoOutputsTuple`."""

Inputs: TypeAlias = Any
"""Several PCollections: a dict by name, or a tuple."""

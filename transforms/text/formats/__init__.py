"""Wire formats. A format is one module of this package with a constant `FORMAT`; nothing else has to name it."""

import dataclasses
import functools
import importlib
import pkgutil
from collections.abc import Callable

from transforms.text.formats.document import Document
from transforms.text.parsed import Parsed


@dataclasses.dataclass(frozen=True)
class Format:
    """How one format is known and read. Formats are asked in `order`, the smallest first; the first that says yes is it."""

    name: str
    sniff: Callable[[Document], bool]
    """Whether an input is of the format. Looks at the content; the name only breaks ties."""
    parse: Callable[[Document], list[Parsed]]
    """The items of the input. Raises RefusedError."""
    order: int = 100


@functools.cache
def formats() -> tuple[Format, ...]:
    """Every format of the package in the order they are asked."""
    modules = (importlib.import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__))
    found = [module.FORMAT for module in modules if hasattr(module, "FORMAT")]
    return tuple(sorted(found, key=lambda item: (item.order, item.name)))


def sniff(document: Document) -> Format:
    """The format of an input. Plain text takes whatever no other format knows."""
    return next(item for item in formats() if item.sniff(document))


def parse(data: bytes, name: str = "") -> list[Parsed]:
    """The items of one input (a whole file, one line of a line file, one message). Raises RefusedError."""
    document = Document(data, name)
    return sniff(document).parse(document)

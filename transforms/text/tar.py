"""Members of a tar archive in the order they lie, from a stream that need not seek; nothing is written anywhere."""

import tarfile
from collections.abc import Iterator
from typing import IO, NamedTuple

from transforms.text.parsed import RefusedError

_MAGIC = b"ustar"
_MAGIC_AT = 257

_LONGEST_HEADER = 2**20
"""Bytes of an extended header or a long name. tarfile reads it at once, whatever size it claims."""

_HEADERS = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)


class Member(NamedTuple):
    """One member: its name, what is in it; or why it cannot be read. A name is only a name: no file is looked for by it."""

    name: str
    data: bytes
    refused: RefusedError | None = None


def is_tar(head: bytes) -> bool:
    """Whether a file begins as a tar archive (POSIX or GNU) does."""
    return head[_MAGIC_AT : _MAGIC_AT + len(_MAGIC)] == _MAGIC


def members(stream: IO[bytes], longest: int, most: int) -> Iterator[Member]:
    """The files of an archive; folders are left out, links and devices refused. One of more than `longest` bytes is given with one byte
    more than that. Raises RefusedError where the archive is broken (`broken_tar`) or has more than `most` members (`bomb`), and what the
    stream raises."""
    try:
        with tarfile.open(fileobj=stream, mode="r|", tarinfo=_Info, errors="surrogateescape") as archive:
            for count, info in enumerate(archive):
                if count >= most:
                    raise RefusedError("bomb", f"a tar archive of more than {most} members")
                if info.isdir():
                    continue
                if not info.isreg():
                    yield Member(info.name, b"", RefusedError("not_text", "the member is a link, a device or a pipe"))
                    continue
                opened = archive.extractfile(info)
                yield Member(info.name, opened.read(longest + 1) if opened else b"")
    except (tarfile.TarError, ValueError, IndexError, OverflowError) as error:
        if isinstance(error, RefusedError):
            raise
        raise RefusedError("broken_tar", f"the tar archive is broken: {str(error)[:200]}") from error


class _Info(tarfile.TarInfo):
    """A header, which refuses to be followed by another of any size."""

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        if self.type in _HEADERS and self.size > _LONGEST_HEADER:
            raise RefusedError("bomb", f"a header of {self.size} bytes in a tar archive")
        found: tarfile.TarInfo = super()._proc_member(archive)  # type: ignore[misc]
        return found

"""What tests ask a lake, and the settings of the commands that write to it."""

from pipelines import options
from pipelines.lake import open_lake


def settings(lake, *sources, **changes):
    """Of a command on some sources; a feed that the test hands over itself needs none of a real name."""
    return options.settings_from([str(source) for source in sources] or ["test://feed"], lake=str(lake), **changes)


def asked(lake, sql):
    """All rows of an answer."""
    opened = open_lake(lake)
    try:
        return opened.ask(lambda connection: connection.sql(sql).fetchall())
    finally:
        opened.close()

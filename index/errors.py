"""What can go wrong in a collection, each in words fit to be shown: what was found, what was expected, what to do."""


class WhenceError(Exception):
    """Anything that a user can understand and mend; its text is the whole message."""


class NoCollection(WhenceError):
    """There is no collection at the path given."""


class Locked(WhenceError):
    """Another process writes to the collection."""


class WrongEncoder(WhenceError):
    """The collection was built with another encoder than the one the settings ask for."""


class NewerCollection(WhenceError):
    """The collection was written by a newer version of the program."""


class Damaged(WhenceError):
    """A derived store (words or vectors) cannot be read; `whence rebuild` makes it again from the archive."""


class UnknownArticle(WhenceError):
    """No article has that id (or that revision)."""


class BadQuery(WhenceError):
    """A filter that cannot be applied: dates the wrong way round, an outlet that the collection does not have."""

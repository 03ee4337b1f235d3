"""The tables of a collection's archive, and what makes a file of an older version one of this version."""

SCHEMA = 4
"""The version of the tables below. An older file is migrated by the next writer, a newer one refused.

2: passages keep their stems. 3: the tables of pages, marks, prints and pairs are always there. 4: stems are numbers.
"""

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL, revision INTEGER NOT NULL, live INTEGER NOT NULL, digest TEXT NOT NULL,
    words INTEGER NOT NULL DEFAULT 0, encoded INTEGER NOT NULL DEFAULT 0,
    credited INTEGER NOT NULL DEFAULT 0, vectors INTEGER NOT NULL DEFAULT 0,
    url TEXT, title TEXT, outlet TEXT, author TEXT, published TEXT, day TEXT, dated TEXT NOT NULL,
    first_day TEXT, last_day TEXT, wire TEXT, language TEXT,
    text TEXT NOT NULL, asides TEXT NOT NULL, origin TEXT NOT NULL,
    UNIQUE (id, revision)
);
CREATE INDEX articles_by_day ON articles (live, day);
CREATE INDEX articles_by_outlet ON articles (live, outlet, day);
CREATE INDEX articles_unfinished ON articles (number)
    WHERE live AND NOT (words AND encoded AND credited AND vectors);
CREATE TABLE passages (
    key INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    number INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    sentences TEXT NOT NULL, folded TEXT NOT NULL, stems BLOB NOT NULL DEFAULT x''
);
CREATE INDEX passages_by_article ON passages (article, number);
CREATE INDEX passages_by_folded ON passages (folded);
CREATE TABLE embeddings (folded TEXT PRIMARY KEY, vector BLOB NOT NULL, sentences BLOB NOT NULL);
CREATE TABLE credits (
    article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    position INTEGER NOT NULL, name TEXT, kind TEXT NOT NULL, relation TEXT NOT NULL, sure REAL NOT NULL,
    spans TEXT NOT NULL, PRIMARY KEY (article, position)
) WITHOUT ROWID;
CREATE INDEX credits_by_name ON credits (name);
-- Passages that left the collection and may still stand in a derived store.
CREATE TABLE leftovers (store TEXT NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (store, key)) WITHOUT ROWID;
-- The web pages that live articles were taken out of.
CREATE TABLE pages (
    article INTEGER PRIMARY KEY REFERENCES articles (number) ON DELETE CASCADE, packed BLOB NOT NULL
);
-- What a tagger marked in each folded text.
CREATE TABLE marks (folded TEXT PRIMARY KEY, tagger TEXT NOT NULL, packed BLOB NOT NULL);
-- Articles' fingerprints, and which have words in common.
CREATE TABLE prints (
    article INTEGER PRIMARY KEY REFERENCES articles (number) ON DELETE CASCADE, packed BLOB NOT NULL
);
CREATE TABLE pairs (
    one INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    other INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    hashes INTEGER NOT NULL, share REAL NOT NULL, PRIMARY KEY (one, other)
) WITHOUT ROWID;
CREATE INDEX pairs_by_other ON pairs (other);
"""

UNFINISHED = "live AND NOT (words AND encoded AND credited AND vectors)"
"""As the index above says it, or SQLite would not use that."""

MIGRATIONS = {
    2: (
        "ALTER TABLE passages ADD COLUMN stems TEXT NOT NULL DEFAULT ''",
        "DROP INDEX articles_by_outlet",
        "CREATE INDEX articles_by_outlet ON articles (live, outlet, day)",
    ),
    3: (  # a file of the second version made each of these when it was first wanted
        "CREATE TABLE IF NOT EXISTS pages ("
        "article INTEGER PRIMARY KEY REFERENCES articles (number) ON DELETE CASCADE, packed BLOB NOT NULL)",
        "CREATE TABLE IF NOT EXISTS marks (folded TEXT PRIMARY KEY, tagger TEXT NOT NULL, packed BLOB NOT NULL)",
        "CREATE TABLE IF NOT EXISTS prints ("
        "article INTEGER PRIMARY KEY REFERENCES articles (number) ON DELETE CASCADE, packed BLOB NOT NULL)",
        "CREATE TABLE IF NOT EXISTS pairs ("
        "one INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,"
        " other INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,"
        " hashes INTEGER NOT NULL, share REAL NOT NULL, PRIMARY KEY (one, other)) WITHOUT ROWID",
        "CREATE INDEX IF NOT EXISTS pairs_by_other ON pairs (other)",
    ),
    4: (
        "ALTER TABLE passages DROP COLUMN stems",
        "ALTER TABLE passages ADD COLUMN stems BLOB NOT NULL DEFAULT x''",
    ),
}
"""What makes a file of the version before one of this version; what the new columns hold is for `stages` to say."""

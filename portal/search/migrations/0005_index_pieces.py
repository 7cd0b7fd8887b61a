from django.db import migrations

ADD = """
  INSERT INTO search_text(rowid, kind, title, names, body, title_pieces, pieces) VALUES
  (new.id, new.kind, new.title, new.names, new.body, new.title_pieces, new.pieces);
"""
REMOVE = """
  INSERT INTO search_text(search_text, rowid, kind, title, names, body, title_pieces, pieces) VALUES
  ('delete', old.id, old.kind, old.title, old.names, old.body, old.title_pieces, old.pieces);
"""
SQLITE = (
    """
CREATE VIRTUAL TABLE search_text USING fts5(
  kind, title, names, body, title_pieces, pieces, content = 'search_entry', content_rowid = 'id',
  tokenize = "unicode61 remove_diacritics 2", prefix = '2 3')
""",
    f"CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN {ADD} END",
    f"CREATE TRIGGER search_entry_removed AFTER DELETE ON search_entry BEGIN {REMOVE} END",
    f"""
CREATE TRIGGER search_entry_changed AFTER UPDATE ON search_entry
WHEN (old.kind, old.title, old.names, old.body, old.title_pieces, old.pieces)
  IS NOT (new.kind, new.title, new.names, new.body, new.title_pieces, new.pieces)
BEGIN {REMOVE} {ADD} END
""",
    "INSERT INTO search_text(search_text) VALUES ('rebuild')",
)
DROP_SQLITE = (
    "DROP TRIGGER IF EXISTS search_entry_added",
    "DROP TRIGGER IF EXISTS search_entry_removed",
    "DROP TRIGGER IF EXISTS search_entry_changed",
    "DROP TABLE search_text",
)

# The parser of PostgreSQL keeps an address, a path or a version whole, so that no part of it is
# found; without marks between them it sees words alone, as FTS5 does.
MARKS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~§«»·–—‘’“”„•…→×、。「」，：；！？（）\u00a0\u3000"
QUOTED = MARKS.replace("'", "''")


def words_of(column: str, longest: int) -> str:
    text = f"translate(left({column}, {longest}), '{QUOTED}', '{' ' * len(MARKS)}')"
    return f"to_tsvector('simple', {text})"


# A vector holds a megabyte: a letter may have four bytes, a pair of them has eight and its place.
TITLE, NAMED, BODY, PAIRS = 5_000, 10_000, 131_072, 100_000
POSTGRESQL = (
    f"""
ALTER TABLE search_entry ADD COLUMN vector tsvector GENERATED ALWAYS AS (
  setweight({words_of("title", TITLE)}, 'A') ||
  setweight({words_of("title_pieces", NAMED)}, 'A') ||
  setweight({words_of("names", NAMED)}, 'B') ||
  setweight({words_of("body", BODY)}, 'D') ||
  setweight({words_of("pieces", PAIRS)}, 'D')) STORED,
ADD COLUMN named tsvector GENERATED ALWAYS AS (
  {words_of("title", TITLE)} || {words_of("title_pieces", NAMED)} || {words_of("names", NAMED)}
) STORED
""",
    "CREATE INDEX search_entry_vector ON search_entry USING gin (vector)",
    "CREATE INDEX search_entry_named ON search_entry USING gin (named)",
)
DROP_POSTGRESQL = (
    "ALTER TABLE search_entry DROP COLUMN vector",
    "ALTER TABLE search_entry DROP COLUMN named",
)


def run(sqlite, postgresql):
    def statements(apps, schema_editor):
        vendor = schema_editor.connection.vendor
        for statement in postgresql if vendor == "postgresql" else sqlite:
            schema_editor.execute(statement, params=None)

    return statements


class Migration(migrations.Migration):
    dependencies = [("search", "0004_fill_pieces")]

    operations = [migrations.RunPython(run(SQLITE, POSTGRESQL), run(DROP_SQLITE, DROP_POSTGRESQL))]

"""Runbooks as a tree of files: read with `import_docs`, written with `export_docs`.

* A document is known by its path in the tree (`Runbook.source_path`), which also tells where the
  relative links in its text lead. A foreign tree keeps its own shape, below
  `<section>/<name of the tree>/`; a tree of the six section folders keeps its paths as they are.
* The text of a file is stored to the byte. What the portal knows besides the text stands in one
  block `portal:` of an exported file (`block`), which is taken out again when the file is read.
* An image that was uploaded in the portal lies at `<section>/images/<its name>`; its name is kept
  when it is read, so that `/media/<its name>` in a text leads to it again.
"""

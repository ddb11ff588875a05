"""From a Markdown document to a page. Django-free; only `library` reads the disk.

A module imports only what stands above it: problems, inlines, markdown, blocks, casing, targets, meta, markup, parts,
sections, document, library.
"""

"""From a Markdown document to a page. Django-free; only `library` reads the disk.

A module imports only what stands above it: problems, targets, images, inlines, markdown, blocks, links, casing, meta,
intervals, markup, calls, parts, sections, frame, checks, document, graph, fixes, skeleton, site_file, library.
"""

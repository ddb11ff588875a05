"""Pure logic of pages that do more than show their document: typed in and out, no forms, no HTML."""

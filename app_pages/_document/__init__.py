"""The document page: picture, marks, outline, hits, text, and the pages that name it."""

"""Index: passages → index version; query → hits and answer."""

"""PostgreSQL with pgvector as the place where versions are kept: one server, or many, for many portals."""

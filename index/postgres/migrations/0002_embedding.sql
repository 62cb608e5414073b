-- Texts of which an ingest awaits the vectors: whichever worker is free takes the next, on whatever host it runs.
-- A row is locked while it is worked on, and goes when its vector was fetched. Under Citus the table stays on the
-- coordinator: it is small, and what skips locked rows must see them all.

CREATE TABLE embedding_task (
    key bytea PRIMARY KEY,               -- of model, role and text (index/embeddings.py)
    model_fingerprint text NOT NULL,
    role text NOT NULL,                  -- passage or query
    text text NOT NULL,
    vector bytea
);
-- By length, so that the texts of one batch need little padding.
CREATE INDEX embedding_task_open ON embedding_task (model_fingerprint, role, length(text)) WHERE vector IS NULL;

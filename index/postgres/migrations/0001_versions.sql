-- What is published: versions, and the contents of documents, which versions share as long as nothing changed.
--
-- Everything of a document is distributed by document_id under Citus and stands together there; what counts for a whole
-- version is small, and a reference table there. docs/postgresql.md has the statements.

CREATE SEQUENCE version_number;

CREATE TABLE version (
    number integer PRIMARY KEY,
    name text NOT NULL UNIQUE,
    created text NOT NULL,
    model text NOT NULL,
    model_fingerprint text NOT NULL,
    dimension integer NOT NULL,
    documents integer NOT NULL,
    passages integer NOT NULL,
    similarity_mean double precision NOT NULL,
    similarity_deviation double precision NOT NULL,
    -- words of all passages together, by field: text, context, written, written context
    tokens bigint[] NOT NULL,
    begrippen jsonb NOT NULL,
    -- the corpus's own sentences put as questions: their mean; what is near to it is near to every question
    mean_question bytea NOT NULL,
    -- vectors of some passages from all over the corpus: the scale of a question's meaning
    sample_owners bytea NOT NULL,
    sample_vectors bytea NOT NULL
);

-- One row: the version that answers.
CREATE TABLE current (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    version integer NOT NULL REFERENCES version
);

CREATE TABLE source (
    version integer REFERENCES version ON DELETE CASCADE,
    place integer,
    status jsonb NOT NULL,
    PRIMARY KEY (version, place)
);

CREATE TABLE vocabulary (
    version integer REFERENCES version ON DELETE CASCADE,
    word text,
    count integer NOT NULL,
    PRIMARY KEY (version, word)
);

-- In how many passages a word stands, by field as in version.tokens.
CREATE TABLE frequency (
    version integer REFERENCES version ON DELETE CASCADE,
    word text,
    counts integer[] NOT NULL,
    PRIMARY KEY (version, word)
);

CREATE SEQUENCE content_number;

-- What a document held, as it was read, analysed and embedded once; never changed.
CREATE TABLE content (
    document_id text,
    content bigint,
    digest text NOT NULL,
    PRIMARY KEY (document_id, content),
    UNIQUE (document_id, digest)
);

-- Which documents a version has, and which content each has in it.
CREATE TABLE document (
    version integer,
    document_id text,
    content bigint NOT NULL,
    place integer NOT NULL,
    info jsonb NOT NULL,
    kind text NOT NULL,
    publisher text NOT NULL,
    year text NOT NULL,
    passages integer NOT NULL,
    centroid vector NOT NULL,
    PRIMARY KEY (version, document_id)
);
CREATE INDEX document_by_content ON document (document_id, content);

CREATE TABLE page (
    document_id text,
    content bigint,
    number integer,
    label text NOT NULL,
    width real NOT NULL,
    height real NOT NULL,
    lines text NOT NULL,
    PRIMARY KEY (document_id, content, number)
);

-- A passage's key is its content's number and its place in it: those of one document follow each other.
CREATE TABLE passage (
    document_id text,
    key bigint,
    content bigint NOT NULL,
    id text NOT NULL,
    page integer NOT NULL,
    heading_path text NOT NULL,
    portefeuilles text NOT NULL,
    text text NOT NULL,
    units text NOT NULL,
    regions text NOT NULL,
    anchor text NOT NULL,
    PRIMARY KEY (document_id, key)
);
CREATE INDEX passage_by_page ON passage (document_id, content, page);

-- What is searched of a passage: our own Dutch analysis, not the server's.
CREATE TABLE passage_words (
    document_id text,
    key bigint,
    content bigint NOT NULL,
    portefeuilles text[] NOT NULL,
    terms tsvector NOT NULL,             -- weight A in the text, D in the context
    counts jsonb NOT NULL,               -- {"zorg": [2, 0]}: how often in the text and in the context
    written tsvector NOT NULL,
    written_context tsvector NOT NULL,
    lemmas tsvector NOT NULL,
    lengths integer[] NOT NULL,          -- words by field as in version.tokens
    holds boolean[] NOT NULL,            -- a person, a date, a number
    PRIMARY KEY (document_id, key)
);
-- Within the row and as it is: some thousands are looked at for one question, once for each of its words.
ALTER TABLE passage_words ALTER terms SET STORAGE MAIN;
CREATE INDEX passage_words_terms ON passage_words USING gin (terms);
CREATE INDEX passage_words_written ON passage_words USING gin (written);
CREATE INDEX passage_words_written_context ON passage_words USING gin (written_context);
CREATE INDEX passage_words_portefeuilles ON passage_words USING gin (portefeuilles);

-- One row a passage (unit -1) and a sentence of it. The HNSW index is made with the first version of a dimension.
CREATE TABLE passage_vector (
    document_id text,
    key bigint,
    unit integer,
    content bigint NOT NULL,
    portefeuilles text[] NOT NULL,       -- here too: HNSW passes by ten times what a filter lets through
    dimension integer NOT NULL,
    embedding halfvec NOT NULL,
    PRIMARY KEY (document_id, key, unit)
);

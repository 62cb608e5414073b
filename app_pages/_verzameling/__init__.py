"""The collection: what a reader keeps, where it stands now, and what he takes along."""

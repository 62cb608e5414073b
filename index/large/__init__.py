"""The files of one folder for a corpus that is too large to look at whole: memory-mapped, searched by candidates."""

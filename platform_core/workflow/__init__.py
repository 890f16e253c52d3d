"""The process engine: definitions as data, pure Python."""

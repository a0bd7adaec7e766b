"""Everything with pixels. Never peewee."""

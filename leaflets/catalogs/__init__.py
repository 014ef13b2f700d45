"""Catalogs: the messages of the templates, and what translators made of them."""

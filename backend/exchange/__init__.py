"""The watched folder: spreadsheets in, decisions out, as `lotgate watch` or as a work of the server."""

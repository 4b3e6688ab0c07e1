"""Proving who somebody is: passwords, one-time codes, passkeys. No database, no HTTP."""

"""The demo factory: a small maker of infusion sets, its people, its plans, and some days of work."""

"""Who people are here: signing in, second factors, sessions, accounts; later each worker's own page."""

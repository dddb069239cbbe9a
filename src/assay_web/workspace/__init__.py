"""The programme in the browser: where the company stands and what is next. A view parses, calls one query or service, and renders."""

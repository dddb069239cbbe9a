"""Tasks and risk acceptances, over a home whose devices were really collected and judged."""

"""The workspace in the browser: a Django product on top of the domain package `assay`, which knows nothing of it."""

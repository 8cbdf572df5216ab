"""The domain as tables and pure functions: no Flask, no SQL, no clock."""

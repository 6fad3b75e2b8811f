"""The page of a notice beside a fixed string of its size, from one server: what a public page costs over nothing."""

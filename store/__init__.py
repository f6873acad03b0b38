"""The cellar: the contract of an outside object store and of a key service. No format, no model."""

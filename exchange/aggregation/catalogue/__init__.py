"""The catalogue of data resources, published as DCAT."""

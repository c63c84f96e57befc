"""The published contract: JSON Schemas, an AsyncAPI document and tables of rights, made from the code."""

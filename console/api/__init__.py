"""The public interface for other systems, under `/api/v1`: JSON in, JSON out, documented by its own OpenAPI."""

from console.api.application import create_api

__all__ = ["create_api"]

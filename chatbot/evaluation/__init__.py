"""Measurements, one module each, run by `chatbot evaluate`."""

"""Dubbo Workbench: a keyword-driven test workbench for Dubbo and RPC systems."""

__version__ = "0.1.0"

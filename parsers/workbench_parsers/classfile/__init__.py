"""Reads Java class files (JVM specification, chapter 4), just as far as a service contract needs them.

Names are those of the specification. Nothing here knows of archives or services; every defect in the bytes
ends in an ArtifactError without `where`, which the caller who knows the file adds.
"""

from workbench_parsers.classfile.reader import ClassFile

__all__ = ["ClassFile"]

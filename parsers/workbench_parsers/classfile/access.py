"""Access flags (JVM specification, tables 4.1-B, 4.5-A, 4.6-A and 4.7.6-A)."""

PUBLIC = 0x0001
PRIVATE = 0x0002
STATIC = 0x0008
FINAL = 0x0010
BRIDGE = 0x0040  # of methods
VARARGS = 0x0080  # of methods
TRANSIENT = 0x0080  # of fields
INTERFACE = 0x0200
ABSTRACT = 0x0400
SYNTHETIC = 0x1000
ANNOTATION = 0x2000
ENUM = 0x4000
MODULE = 0x8000  # of classes
MANDATED = 0x8000  # of parameters

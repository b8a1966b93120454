"""`workbench parse ARTIFACT…`: what services artifacts offer."""

from typing import TYPE_CHECKING

import click


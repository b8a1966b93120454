"""From classes to the contract: methods with their inherited ones, and the types that they need."""

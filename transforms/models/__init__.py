"""Tables shipped with the package, each with a card: data, licence, scores, how to rebuild."""

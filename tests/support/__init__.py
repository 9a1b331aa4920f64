"""What tests stand on: throw-away servers, a browser, counting statements. No tests live here."""

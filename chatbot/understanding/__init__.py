"""Messages → readings: entities, polarity, ranges, intents and questions, for any catalog."""

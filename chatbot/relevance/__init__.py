"""Whether a person will like an item, judged from the conversation's words by a fine-tuned GPT-2."""

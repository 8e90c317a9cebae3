"""The browser page: a Gradio app over one `Chatbot`, one conversation a visitor."""

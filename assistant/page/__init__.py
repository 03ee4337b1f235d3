"""What happens on the page, apart from Gradio: conversations, reading, the collection; all of it shown by `views`."""

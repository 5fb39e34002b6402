"""Reading a message: Rasa graph components, one a file; what they compute is in pure modules beside them."""

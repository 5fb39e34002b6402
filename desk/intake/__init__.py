"""The intake contract on top of helpdesk's tickets."""

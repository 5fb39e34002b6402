"""Handing cases over: the contract with the intake service, client, durable outbox and courier."""

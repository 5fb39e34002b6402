"""The fault campaign: bots, couriers, desk and database are killed while people file cases, and what arrived is counted.

    python -m tests.faults --kills 200 --database sqlite|postgres

`house` runs the programs, `nursery` brings bots up quickly, `people` talk, `faults` kills, `ledger` compares what was
promised with what is on the desk, `campaign` holds it together, `table` shows it.
"""

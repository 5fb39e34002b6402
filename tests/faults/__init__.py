"""The fault campaign: bots, couriers, desk and database are killed while people file cases; what arrived is counted.

    python -m tests.faults --kills 200 --database sqlite|postgres

`house` runs the programs, `nursery` brings up bots and couriers quickly, `people` talk, `faults` kills, `ledger` reads
what is on the desk, `campaign` compares it with what was promised, `table` shows it.
"""

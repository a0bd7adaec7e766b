"""Care for the stock of records: merging, handing over, importing, the timeline."""

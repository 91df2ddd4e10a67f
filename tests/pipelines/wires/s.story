Harbour opens as plain text

PORT TOWN, June 19 (AFP) - The harbour of the island opened on Tuesday after a winter of repairs, the port office said.

Fishermen had waited since October, and two ferries left before noon with mail and flour.

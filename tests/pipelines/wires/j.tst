a0123_-----
r i BC-XX--HarborOpens     06-19 0120
^BC-XX--Harbor Opens,120<
^Harbor opens<
^By The Example Wire=
	   PORT TOWN (AP) _ The harbour of the island opened on Tuesday after a winter of repairs, the port office said.
	   Fishermen had waited since October, and two ferries left before noon with mail and flour.
	   ^AP-WF-06-19-24 1626GMT<



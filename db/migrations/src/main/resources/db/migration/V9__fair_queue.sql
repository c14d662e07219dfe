-- Whose turn it is: among owners with equally many jobs at work, the one that had a worker longest ago.
create index job_owner_served on registry.job (owner, heartbeat_at desc nulls last);

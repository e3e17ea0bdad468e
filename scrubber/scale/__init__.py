"""Many records: blocks of them through a pool of processes or a cluster, shards that can be gone on with."""

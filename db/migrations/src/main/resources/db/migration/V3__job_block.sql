-- Checkpoints of a job: one row a finished decoder block, written in the same transaction as the block's layers and
-- only under the lease that stands. Where a row is, the files it names are complete; a job resumes after the last one.

create table registry.job_block (
    job_id          uuid        not null references registry.job (id) on delete cascade,
    block           int         not null check (block >= 0),
    packed_sha256   text        not null check (packed_sha256 ~ '^[0-9a-f]{64}$'),
    hidden_sha256   text        check (hidden_sha256 ~ '^[0-9a-f]{64}$'),
    lease_version   bigint      not null,
    worker          text        not null,
    seconds         float8      not null check (seconds >= 0),
    committed_at    timestamptz not null default clock_timestamp(),
    primary key (job_id, block)
);
comment on column registry.job_block.packed_sha256 is 'of the file with the packed layers of the block';
comment on column registry.job_block.hidden_sha256 is 'of the file with the calibration hidden states that enter the next block; absent after the last block';

-- Downloads of models from a Hub-style server: what was asked for, how far it is, how it ended.

create table registry.model_import (
    id           uuid        primary key,
    name         text        not null check (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$'),
    repository   text        not null,
    revision     text        not null,
    state        text        not null check (state in ('RUNNING', 'SUCCEEDED', 'FAILED')),
    file         text,
    bytes_done   bigint      not null default 0 check (bytes_done >= 0),
    bytes_total  bigint      check (bytes_total >= 0),
    model_id     uuid        references registry.model (id) on delete set null,
    cause        text,
    created_at   timestamptz not null default now(),
    finished_at  timestamptz,
    constraint model_import_failed_says_why check (state <> 'FAILED' or cause is not null)
);
comment on column registry.model_import.bytes_total is 'of the files that are known so far; grows when the index names its shards';

-- Two downloads of one revision would write the same files.
create unique index model_import_running on registry.model_import (repository, revision) where state = 'RUNNING';

-- The registry's own tables: models, texts, jobs and what jobs report.
-- The registry-service writes models, texts and jobs; workers claim jobs, report progress and publish models.

create schema if not exists registry;

create table registry.model (
    id          uuid        primary key default gen_random_uuid(),
    name        text        not null unique check (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$'),
    family      text        not null,
    kind        text        not null check (kind in ('ORIGINAL', 'REPARAMETERIZED')),
    location    text        not null,
    digest      text        not null check (digest ~ '^[0-9a-f]{64}$'),
    parameters  bigint      not null check (parameters >= 0),
    size_bytes  bigint      not null check (size_bytes >= 0),
    shape       jsonb       not null,
    parent_id   uuid        references registry.model (id) on delete restrict,
    job_id      uuid,
    method      text,
    mean_bits   float8      check (mean_bits > 0),
    created_at  timestamptz not null default now(),
    version     bigint      not null default 0,
    constraint model_reparameterized_has_method check (kind = 'ORIGINAL' or method is not null)
);
comment on column registry.model.location is 'directory of the model; of a published artifact the directory that its digest names';
comment on column registry.model.digest is 'SHA-256 in lower-case hex: of manifest.json for a published artifact, of the sorted list of files and their digests for an imported model';
comment on column registry.model.shape is 'hiddenSize, layers, heads, kvHeads, headDim, intermediateSize, vocabularySize, contextLength, dtype';

create index model_parent on registry.model (parent_id);
create index model_job on registry.model (job_id);

create table registry.model_file (
    model_id    uuid    not null references registry.model (id) on delete cascade,
    path        text    not null,
    size_bytes  bigint  not null check (size_bytes >= 0),
    sha256      text    not null check (sha256 ~ '^[0-9a-f]{64}$'),
    primary key (model_id, path)
);
comment on column registry.model_file.path is 'relative to the location of the model, with forward slashes';

create table registry.text (
    id          uuid        primary key default gen_random_uuid(),
    name        text        not null unique check (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$'),
    location    text        not null,
    size_bytes  bigint      not null check (size_bytes > 0),
    sha256      text        not null check (sha256 ~ '^[0-9a-f]{64}$'),
    created_at  timestamptz not null default now(),
    version     bigint      not null default 0
);
comment on column registry.text.location is 'the UTF-8 file itself';

create table registry.job (
    id                   uuid        primary key default gen_random_uuid(),
    kind                 text        not null check (kind in ('REPARAMETERIZE', 'EVALUATE')),
    model_id             uuid        references registry.model (id) on delete set null,
    calibration_text_id  uuid        references registry.text (id) on delete set null,
    evaluation_text_id   uuid        references registry.text (id) on delete set null,
    settings             jsonb       not null,
    state                text        not null default 'QUEUED' check (state in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
    stage                text        check (stage in ('validate', 'calibrate', 'allocate', 'reparameterize', 'evaluate', 'publish')),
    block_current        int         not null default 0 check (block_current >= 0),
    block_count          int         not null default 0 check (block_count >= 0),
    progress             float8      not null default 0 check (progress between 0 and 1),
    eta_seconds          float8      check (eta_seconds >= 0),
    output_name          text        check (output_name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$'),
    result_model_id      uuid        references registry.model (id) on delete set null,
    cause                text,
    remedy               text,
    cancel_requested     boolean     not null default false,
    priority             int         not null default 0,
    owner                text        not null default 'local',
    idempotency_key      text,
    request_hash         text,
    attempt              int         not null default 0 check (attempt >= 0),
    max_attempts         int         not null default 3 check (max_attempts > 0),
    not_before           timestamptz,
    lease_owner          text,
    lease_version        bigint      not null default 0,
    lease_until          timestamptz,
    heartbeat_at         timestamptz,
    created_at           timestamptz not null default now(),
    started_at           timestamptz,
    finished_at          timestamptz,
    constraint job_active_has_model check (model_id is not null or state in ('SUCCEEDED', 'FAILED', 'CANCELLED')),
    constraint job_running_has_lease check (state <> 'RUNNING' or (lease_owner is not null and lease_until is not null)),
    constraint job_failed_says_why check (state <> 'FAILED' or (cause is not null and remedy is not null)),
    constraint job_reparameterize_has_name check (kind <> 'REPARAMETERIZE' or output_name is not null),
    constraint job_idempotency_has_hash check (idempotency_key is null or request_hash is not null)
);
comment on column registry.job.settings is 'the validated request, camelCase, defaults filled in; calibrationText and evaluationText are ids of registry.text, absent when the text is to be sampled from the model';
comment on column registry.job.lease_version is 'fencing token: the claim adds one; a worker commits only where its own version still stands here';
comment on column registry.job.priority is 'higher goes first';

alter table registry.model add constraint model_job_fk foreign key (job_id) references registry.job (id) on delete set null;

create unique index job_idempotency on registry.job (owner, idempotency_key) where idempotency_key is not null;
create unique index job_output_name on registry.job (output_name) where state in ('QUEUED', 'RUNNING');
create index job_queue on registry.job (priority desc, created_at) where state = 'QUEUED';
create index job_lease on registry.job (lease_until) where state = 'RUNNING';
create index job_created on registry.job (created_at desc, id);
create index job_model on registry.job (model_id);
create index job_result on registry.job (result_model_id);
create index job_calibration_text on registry.job (calibration_text_id);
create index job_evaluation_text on registry.job (evaluation_text_id);

create table registry.job_event (
    id      bigserial   primary key,
    job_id  uuid        not null references registry.job (id) on delete cascade,
    at      timestamptz not null default clock_timestamp(),
    type    text        not null check (type ~ '^[a-z][a-z0-9-]{0,31}$'),
    data    jsonb       not null default '{}'
);
comment on table registry.job_event is 'History of a job. Events of type "state" are written by the trigger on registry.job, by nobody else.';

create index job_event_of_job on registry.job_event (job_id, id);

create table registry.job_layer (
    job_id        uuid    not null references registry.job (id) on delete cascade,
    block         int     not null check (block >= 0),
    layer         text    not null,
    bits          int     not null check (bits > 0),
    inputs        int     not null check (inputs > 0),
    outputs       int     not null check (outputs > 0),
    weight_error  float8,
    output_error  float8,
    proxy_loss    float8,
    sensitivity   float8,
    seconds       float8,
    worker        text,
    primary key (job_id, layer)
);

create table registry.job_metric (
    job_id  uuid    not null references registry.job (id) on delete cascade,
    name    text    not null,
    value   float8  not null,
    primary key (job_id, name)
);

-- The one place that knows which changes of state are legal; it holds for every service and for psql alike.
create function registry.job_check_transition() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        if new.state <> 'QUEUED' then
            raise exception 'job % cannot be created in state %; a job starts as QUEUED', new.id, new.state
                using errcode = 'check_violation', constraint = 'job_transition';
        end if;
        return new;
    end if;
    if new.state <> old.state and not (
        (old.state = 'QUEUED' and new.state in ('RUNNING', 'CANCELLED'))
        -- RUNNING to QUEUED: an attempt failed for a passing reason and is to be tried again
        or (old.state = 'RUNNING' and new.state in ('SUCCEEDED', 'FAILED', 'CANCELLED', 'QUEUED'))
        -- the user's retry
        or (old.state in ('FAILED', 'CANCELLED') and new.state = 'QUEUED')
    ) then
        raise exception 'job % cannot go from % to %', old.id, old.state, new.state
            using errcode = 'check_violation', constraint = 'job_transition';
    end if;
    if new.lease_version < old.lease_version then
        raise exception 'job %: lease version % would fall back to %', old.id, old.lease_version, new.lease_version
            using errcode = 'check_violation', constraint = 'job_lease_version';
    end if;
    return new;
end
$$;

create trigger job_check_transition before insert or update on registry.job
    for each row execute function registry.job_check_transition();

-- Every change of state is an event, and a job that waits wakes the workers (channel job_queued).
create function registry.job_record_transition() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' or new.state <> old.state then
        insert into registry.job_event (job_id, type, data)
        values (new.id, 'state', jsonb_strip_nulls(jsonb_build_object(
            'state', new.state,
            'from', case when tg_op = 'UPDATE' then old.state end,
            'attempt', new.attempt,
            'worker', case when new.state = 'RUNNING' then new.lease_owner end,
            'resultModelId', new.result_model_id,
            'cause', case when new.state in ('FAILED', 'QUEUED') then new.cause end,
            'remedy', case when new.state = 'FAILED' then new.remedy end)));
        if new.state = 'QUEUED' then
            perform pg_notify('job_queued', new.id::text);
        end if;
    end if;
    return null;
end
$$;

create trigger job_record_transition after insert or update on registry.job
    for each row execute function registry.job_record_transition();

-- Readers follow a job by "events after id n", so ids of one job have to become visible in their order:
-- whoever writes an event holds the job's row until commit. Keep such transactions short.
create function registry.job_event_in_order() returns trigger language plpgsql as $$
begin
    perform 1 from registry.job where id = new.job_id for no key update;
    new.id := nextval('registry.job_event_id_seq');
    return new;
end
$$;

create trigger job_event_in_order before insert on registry.job_event
    for each row execute function registry.job_event_in_order();

create function registry.job_event_notify() returns trigger language plpgsql as $$
begin
    perform pg_notify('job_event', new.job_id::text);
    return null;
end
$$;

create trigger job_event_notify after insert on registry.job_event
    for each row execute function registry.job_event_notify();

-- What evaluations measure and allocations weigh: scores of tasks with their standard errors, side by side with another
-- model where the job names one; and what each bit-width would have done to each layer.

alter table registry.job add column baseline_model_id uuid references registry.model (id) on delete set null;
comment on column registry.job.baseline_model_id is 'model that an evaluation measures beside the job''s own';
create index job_baseline on registry.job (baseline_model_id);

create table registry.job_task (
    job_id          uuid        not null references registry.job (id) on delete cascade,
    model_id        uuid        not null references registry.model (id) on delete cascade,
    task            text        not null check (task ~ '^[a-z0-9_]{1,64}$'),
    metric          text        not null check (metric ~ '^[a-z0-9_]{1,64}$'),
    value           float8      not null,
    standard_error  float8      check (standard_error >= 0),
    examples        bigint      not null check (examples > 0),
    committed_at    timestamptz not null default clock_timestamp(),
    primary key (job_id, model_id, task, metric)
);
comment on table registry.job_task is 'Scores of a model on a task. All rows of a task, its parts included, are written in one transaction: where one is, the task is done.';
comment on column registry.job_task.task is 'as the request names it, or text for perplexity on a text; parts of a task follow its name and an underscore, as mmlu_anatomy';
comment on column registry.job_task.standard_error is 'absent where one example leaves nothing to estimate it from';
create index job_task_model on registry.job_task (model_id);

create table registry.job_layer_profile (
    job_id        uuid    not null references registry.job (id) on delete cascade,
    position      int     not null check (position >= 0),
    layer         text    not null,
    bits          int     not null check (bits > 0),
    output_error  float8  not null,
    bytes         bigint  not null check (bytes >= 0),
    sensitivity   float8,
    chosen        boolean not null,
    primary key (job_id, layer, bits)
);
comment on table registry.job_layer_profile is 'What a bit-width does to a layer of the original model, measured before bits are allocated';
comment on column registry.job_layer_profile.position is 'of the layer in the order in which layers run';

-- Sizes tried for a job that names the perplexity it may cost.
create table registry.job_candidate (
    job_id      uuid    not null references registry.job (id) on delete cascade,
    number      int     not null check (number > 0),
    bytes       bigint  not null check (bytes >= 0),
    mean_bits   float8  not null,
    perplexity  float8  not null,
    bits        jsonb   not null,
    primary key (job_id, number)
);
comment on column registry.job_candidate.bits is 'of every layer by name';

-- Labelled images that models of images are calibrated with and evaluated on, registered where they lie.

create table registry.image_set (
    id          uuid        primary key default gen_random_uuid(),
    name        text        not null unique check (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$'),
    location    text        not null,
    images      int         not null check (images > 0),
    classes     jsonb       not null,
    size_bytes  bigint      not null check (size_bytes > 0),
    sha256      text        not null check (sha256 ~ '^[0-9a-f]{64}$'),
    created_at  timestamptz not null default now(),
    version     bigint      not null default 0
);
comment on column registry.image_set.location is 'a directory of class folders, an IDX file of images, or a table';
comment on column registry.image_set.sha256 is 'of the names and contents of all its files';

alter table registry.job add column calibration_image_set_id uuid references registry.image_set (id) on delete set null;
alter table registry.job add column evaluation_image_set_id uuid references registry.image_set (id) on delete set null;
create index job_calibration_image_set on registry.job (calibration_image_set_id);
create index job_evaluation_image_set on registry.job (evaluation_image_set_id);

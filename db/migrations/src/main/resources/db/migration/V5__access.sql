-- Who may use the platform, and who changed what.

create table registry.api_key (
    id                       uuid        primary key default gen_random_uuid(),
    name                     text        not null check (length(name) between 1 and 100),
    prefix                   text        not null,
    secret_sha256            text        not null unique check (secret_sha256 ~ '^[0-9a-f]{64}$'),
    scopes                   text[]      not null check (cardinality(scopes) > 0 and scopes <@ array['admin', 'inference']),
    requests_per_minute      int         check (requests_per_minute > 0),
    max_concurrent_requests  int         check (max_concurrent_requests > 0),
    created_at               timestamptz not null default now(),
    expires_at               timestamptz,
    revoked_at               timestamptz,
    last_used_at             timestamptz
);
comment on column registry.api_key.prefix is 'the first characters of the key, to tell keys apart; the key itself is kept nowhere';
comment on column registry.api_key.last_used_at is 'to the minute';

create unique index api_key_name on registry.api_key (name) where revoked_at is null;

create table registry.audit_entry (
    id          bigserial   primary key,
    at          timestamptz not null default clock_timestamp(),
    actor       text        not null,
    key_id      uuid        references registry.api_key (id),
    action      text        not null,
    target      text        not null,
    status      int         not null,
    request_id  text        not null
);
comment on column registry.audit_entry.actor is 'name of the key, or the address of a caller who needed none';
comment on column registry.audit_entry.status is 'HTTP status that the action was answered with: refused actions are recorded too';

create index audit_entry_at on registry.audit_entry (at desc, id desc);

-- What has been recorded stays as it is.
create function registry.audit_entry_is_final() returns trigger language plpgsql as $$
begin
    raise exception 'audit entries cannot be changed' using errcode = 'check_violation';
end
$$;

create trigger audit_entry_is_final before update or delete on registry.audit_entry
    for each row execute function registry.audit_entry_is_final();

-- Responses of /v1/responses that clients asked to keep, to go on from them; whose they are, the key says.

create table registry.kept_response (
    owner       text        not null,
    id          text        not null check (id ~ '^[A-Za-z0-9_-]{1,100}$'),
    items       json        not null,
    response    json        not null,
    size_bytes  int         not null check (size_bytes > 0),
    created_at  timestamptz not null default clock_timestamp(),
    expires_at  timestamptz not null,
    primary key (owner, id)
);
comment on table registry.kept_response is 'nobody reads a row after expires_at; it is deleted soon after';
comment on column registry.kept_response.owner is 'id of an API key, or local: all callers who needed none';
comment on column registry.kept_response.items is 'what the answer was given to, earlier turns included; json, which may have U+0000';
comment on column registry.kept_response.size_bytes is 'that it counts for in its owner''s share';

create index kept_response_expiry on registry.kept_response (expires_at);

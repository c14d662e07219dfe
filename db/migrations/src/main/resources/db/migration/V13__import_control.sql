-- Imports can be cancelled and resumed, say how fast they are, and know the directory that they fill.

alter table registry.model_import
    drop constraint model_import_state_check,
    add constraint model_import_state_check check (state in ('RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
    add column commit_id        text,
    add column directory        text,
    add column bytes_per_second bigint check (bytes_per_second >= 0);

comment on column registry.model_import.repository is 'owner/name, perhaps with :choice of a GGUF file';
comment on column registry.model_import.commit_id is 'what the revision stood for when the import began';
comment on column registry.model_import.directory is 'removed with the model that it became';

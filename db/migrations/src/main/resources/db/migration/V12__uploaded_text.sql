-- Only files that the platform wrote are deleted with their texts. Where a file lies does not say who wrote it, so the row
-- does. Uploads have always been named by a random UUID, which nobody gives a file of his own.

alter table registry.text add column uploaded boolean not null default false;
update registry.text set uploaded = true
where location ~ '/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}[.]txt$';
comment on column registry.text.uploaded is 'whether the platform wrote the file, which it then deletes with the last text that names it';

-- A model's digest says which files it has, with name, length and bytes, in one unambiguous form. What stood here before
-- joined the lines of the list, or took the word of a manifest.json that anybody could have put beside an original.
-- The list of files has all that is needed, so no file is read: whoever loads a model next compares the new digest with
-- the files. Models that a job published stay named by the manifest that the platform wrote, which is checked as well.

delete from registry.model_file f using registry.model m
where m.id = f.model_id and m.kind = 'ORIGINAL' and f.path = 'manifest.json';

update registry.model m set digest = listed.digest
from (
    select f.model_id,
           encode(sha256(
               convert_to(E'shiftadd model files 2\n', 'UTF8')
               || int8send(count(*))
               || string_agg(
                   int8send(octet_length(convert_to(f.path, 'UTF8'))::bigint) || convert_to(f.path, 'UTF8')
                       || int8send(f.size_bytes) || decode(f.sha256, 'hex'),
                   ''::bytea order by convert_to(f.path, 'UTF8'))), 'hex') as digest
    from registry.model_file f
    group by f.model_id
) listed
where listed.model_id = m.id
  and not (m.kind = 'REPARAMETERIZED'
           and exists (select 1 from registry.model_file f where f.model_id = m.id and f.path = 'manifest.json'));

comment on column registry.model.digest is 'SHA-256 in lower-case hex: of manifest.json for an artifact whose files are all as it says, otherwise of the list of files in the form of docs/adr/0022-model-digest.md';

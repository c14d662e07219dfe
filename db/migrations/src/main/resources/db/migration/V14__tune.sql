-- The stage between reparameterize and evaluate in which a model is tuned as a whole.
alter table registry.job drop constraint job_stage_check;
alter table registry.job add constraint job_stage_check
    check (stage in ('validate', 'calibrate', 'allocate', 'reparameterize', 'tune', 'evaluate', 'publish'));

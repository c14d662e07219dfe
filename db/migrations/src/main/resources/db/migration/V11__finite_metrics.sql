-- What a job measured is a number. Earlier versions stored NaN of models with weights that are no numbers: such a
-- measure says nothing and JSON cannot write it.

delete from registry.job_metric where value in ('NaN', 'Infinity', '-Infinity');
alter table registry.job_metric add constraint job_metric_finite check (value not in ('NaN', 'Infinity', '-Infinity'));

delete from registry.job_task where value in ('NaN', 'Infinity', '-Infinity');
update registry.job_task set standard_error = null where standard_error in ('NaN', 'Infinity', '-Infinity');
alter table registry.job_task add constraint job_task_finite check (value not in ('NaN', 'Infinity', '-Infinity')
    and standard_error not in ('NaN', 'Infinity', '-Infinity'));

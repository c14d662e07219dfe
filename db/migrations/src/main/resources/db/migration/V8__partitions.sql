-- Requests to work on a partition of a job's step: Spring Integration 7.0.5's message table (of its
-- schema-postgresql.sql), beside Spring Batch's own: table prefix batch.INT_. An insert wakes the workers that listen.

CREATE SEQUENCE batch.INT_MESSAGE_SEQ START WITH 1 INCREMENT BY 1 NO CYCLE;

CREATE TABLE batch.INT_CHANNEL_MESSAGE (
    MESSAGE_ID CHAR(36) NOT NULL,
    GROUP_KEY CHAR(36) NOT NULL,
    CREATED_DATE BIGINT NOT NULL,
    MESSAGE_PRIORITY BIGINT,
    MESSAGE_SEQUENCE BIGINT NOT NULL DEFAULT nextval('batch.INT_MESSAGE_SEQ'),
    MESSAGE_CONTENT BYTEA,
    REGION VARCHAR(100) NOT NULL,
    constraint INT_CHANNEL_MESSAGE_PK primary key (REGION, GROUP_KEY, CREATED_DATE, MESSAGE_SEQUENCE)
);

CREATE INDEX INT_CHANNEL_MSG_DELETE_IDX ON batch.INT_CHANNEL_MESSAGE (REGION, GROUP_KEY, MESSAGE_ID);

CREATE FUNCTION batch.INT_CHANNEL_MESSAGE_NOTIFY_FCT() RETURNS TRIGGER LANGUAGE PLPGSQL AS $$
BEGIN
    PERFORM pg_notify('int_channel_message_notify', NEW.REGION || ' ' || NEW.GROUP_KEY);
    RETURN NEW;
END
$$;

CREATE TRIGGER INT_CHANNEL_MESSAGE_NOTIFY_TRG AFTER INSERT ON batch.INT_CHANNEL_MESSAGE
    FOR EACH ROW EXECUTE FUNCTION batch.INT_CHANNEL_MESSAGE_NOTIFY_FCT();

-- A block of the unmodified model's calibration needs no other block: it may be finished before the ones below it.
comment on column registry.job_block.hidden_sha256 is 'of the file with the calibration hidden states that enter the next block; absent after the last block, and where no block waits for another';
comment on column registry.job_block.worker is 'who finished it; not always who holds the lease of the job';

-- What a transaction has to say to Kafka, written with it. Rows are kept for a window after they were sent, so that a
-- relay in doubt can send them again; then their partition is dropped. No update, no delete.
create table outbox (
  id bigint generated always as identity,
  created_at timestamptz not null default clock_timestamp(),
  event_id uuid not null,
  topic text not null,
  message_key text not null,
  fingerprint bigint,
  body bytea, -- Avro without a registry id; null is a tombstone
  headers jsonb not null,
  primary key (id, created_at),
  check ((fingerprint is null) = (body is null))
) partition by range (created_at);

-- The relay creates hourly partitions ahead. Where it could not, rows land here: accepting never waits for upkeep.
create table outbox_default partition of outbox default;

-- The first hours, until the relay looks after them.
do $$
declare
  hour timestamp;
begin
  for hour in select generate_series(h, h + interval '2 hours', interval '1 hour')
    from date_trunc('hour', now() at time zone 'UTC') as h
  loop
    execute format('create table %I partition of outbox for values from (%L) to (%L)',
      'outbox_' || to_char(hour, 'YYYYMMDDHH24'), hour || '+00', hour + interval '1 hour' || '+00');
  end loop;
end $$;

-- The writer schemas of the rows, so that a newer version can still send what an older one wrote.
create table outbox_schema (
  fingerprint bigint primary key,
  schema json not null
);

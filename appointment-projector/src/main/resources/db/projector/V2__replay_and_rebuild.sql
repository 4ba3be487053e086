-- Where each event of an aggregate lies, so that the log of one booking or call is found without a scan. Written in the
-- transaction that writes its row. The directory is not in it: its topic is compacted, offsets vanish there.
create table projected_event (
  topic          text not null,
  partition      integer not null,
  record_offset  bigint not null,
  aggregate      text not null,
  revision       bigint not null,
  call_id        bigint,
  customer_id    bigint,
  recorded_at    timestamptz not null,
  primary key (topic, partition, record_offset)
);
create index projected_event_aggregate on projected_event (aggregate);
create index projected_event_call on projected_event (call_id) where call_id is not null;

-- What was shown before there was an index is folded once more, which changes no row.
delete from projector_position;

-- Replays and rebuilds: who wanted what and why, and how far it came. A restart goes on from here.
create table job (
  id                 bigint generated always as identity primary key,
  kind               text not null,
  wanted             jsonb not null,
  author             text not null,
  reason             text not null,
  state              text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
  cancel_requested   boolean not null default false,
  phase              text not null default '',
  events_done        bigint not null default 0,
  events_total       bigint not null default 0,
  events_per_second  double precision not null default 0,
  differences        bigint not null default 0,
  missing_revisions  bigint not null default 0,
  trouble            text,
  created_at         timestamptz not null default now(),
  started_at         timestamptz,
  ended_at           timestamptz,
  -- The last event that a replay is through with.
  at_topic           text not null default '',
  at_partition       integer not null default 0,
  at_offset          bigint not null default -1
);
create index job_to_do on job (id) where state in ('waiting', 'running');

-- What a job found, the first of it. Without personal values: it outlives the row.
create table job_difference (
  id          bigint generated always as identity primary key,
  job_id      bigint not null references job on delete cascade,
  table_name  text not null,
  row_key     text not null,
  kind        text not null,
  columns     jsonb not null
);
create index job_difference_job on job_difference (job_id, id);

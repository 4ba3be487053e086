-- What operators did and why, with the outcome. Its end goes to operator-actions by the outbox, in the same transaction.
create table operator_action (
  id          bigint generated always as identity primary key,
  started_at  timestamptz not null default now(),
  operator    text not null,
  command     text not null,
  subject     text not null default '',
  reason      text not null,
  -- Its end comes after its answer, as a job's.
  goes_on     boolean not null default false,
  outcome     text check (outcome in ('ok', 'refused', 'failed')),
  detail      text not null default '',
  ended_at    timestamptz
);
create index operator_action_unended on operator_action (started_at) where outcome is null;
alter table job add column action_id bigint;

-- The records that this service could not handle: where the topic of dead letters holds them, and what became of each.
-- Nothing of their content is here.
create table dead_letter (
  topic             text not null,
  partition         integer not null,
  record_offset     bigint not null,
  at                timestamptz not null default now(),
  -- Why not; after a redrive in vain why not then.
  reason            text not null,
  source_topic      text not null,
  source_partition  integer not null,
  source_offset     bigint not null,
  -- The record's own time, so that a topic that was made anew does not hide behind the old one.
  source_at         timestamptz not null,
  state             text not null default 'open' check (state in ('open', 'redriven', 'dropped')),
  redrives          integer not null default 0,
  closed_at         timestamptz,
  closed_by         text,
  closed_because    text,
  primary key (topic, partition, record_offset),
  unique (source_topic, source_partition, source_offset, source_at)
);
create index dead_letter_newest on dead_letter (at, topic, partition, record_offset);
create index dead_letter_open on dead_letter (at) where state = 'open';

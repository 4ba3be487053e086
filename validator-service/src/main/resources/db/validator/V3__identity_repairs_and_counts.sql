-- Null where the event was read before this version: nothing is said about those until their next event.
alter table expected_booking add column calcom_booking_id bigint;
alter table expected_booking add column calcom_uid text;

-- The link rate asks for each booking of a day whether its call has an open error.
create index violation_call on violation (call_id) where state <> 'RESOLVED';

-- What self-repair did in this episode, as it is told with the violation.
alter table violation add column repair text;

-- One attempt an episode, written before anything is asked for: a restart neither repeats nor forgets it.
create table repair (
  violation_id  text not null,
  episode       integer not null,
  chain_key     text not null,
  company_id    bigint not null,
  started_at    timestamptz not null,
  asked_at      timestamptz, -- when the remedies were through
  trouble       text,        -- why a remedy was not applied
  ended_at      timestamptz,
  outcome       text check (outcome in ('mended', 'not mended')),
  primary key (violation_id, episode)
);
create index repair_started on repair (started_at);
create index repair_running on repair (chain_key) where ended_at is null;

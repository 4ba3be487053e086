-- Up to where each topic was read; written in the transaction that writes what was read.
create table consumer_position (
  topic          text not null,
  partition      integer not null,
  next_offset    bigint not null,
  read_up_to     timestamptz not null, -- everything that was in the partition at this time has been read
  waiting_since  timestamptz,          -- since when a batch waits for the projector to pass it
  primary key (topic, partition)
);

-- What the events say should be there: the highest revision seen of each aggregate.
create table expected_booking (
  booking_id      uuid primary key,
  revision        bigint not null,
  appointment_id  bigint not null,
  call_id         bigint,
  customer_id     bigint,
  company_id      bigint,
  status          text not null,
  source          text not null,
  requested_at    timestamptz,
  in_doubt        boolean not null
) with (fillfactor = 80);
create index expected_booking_call on expected_booking (call_id);
create index expected_booking_customer on expected_booking (customer_id);

create table expected_call (
  call_id         bigint primary key,
  retell_call_id  text not null,
  revision        bigint not null,
  company_id      bigint,
  customer_id     bigint
) with (fillfactor = 80);
create index expected_call_retell on expected_call (retell_call_id);
create index expected_call_customer on expected_call (customer_id);
create index expected_call_company on expected_call (company_id);

-- Chains to look at. One row a chain, however often it was marked.
create table due (
  chain_key  text primary key,
  due_at     timestamptz not null,
  marked_at  timestamptz -- the oldest change not looked at; null for a mere timer
) with (fillfactor = 50);
create index due_at on due (due_at);

-- Findings within their grace.
create table suspicion (
  violation_id  text primary key,
  chain_key     text not null,
  first_seen    timestamptz not null
);
create index suspicion_chain on suspicion (chain_key);

create table violation (
  violation_id  text primary key,
  chain_key     text not null,
  revision      bigint not null,
  state         text not null check (state in ('OPEN', 'ACKNOWLEDGED', 'RESOLVED')),
  rule          text not null,
  severity      text not null,
  subject_type  text not null,
  subject_id    text not null,
  company_id    bigint,
  call_id       bigint,
  episode       integer not null,
  first_seen    timestamptz not null,
  last_seen     timestamptz not null,
  resolved_at   timestamptz,
  message       text not null,
  evidence      jsonb not null,
  remedy        text,
  tombstone_at  timestamptz -- when the topic is to forget it; null where it is active or forgotten
);
create index violation_chain on violation (chain_key);
create index violation_state on violation (state, first_seen);
create index violation_tombstone on violation (tombstone_at) where tombstone_at is not null;

-- The last verdict on each chain, for counts.
create table verdict (
  chain_key     text primary key,
  booking_call  boolean not null,
  status        text not null
);

-- When something is to be done next, by whichever instance comes first.
create table schedule (
  name     text primary key,
  next_at  timestamptz not null
);

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

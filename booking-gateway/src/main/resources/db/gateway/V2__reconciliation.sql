-- How far each Cal.com account was compared with what we know, by Cal.com's own clock.
create table reconciliation (
  calcom_account text        primary key,
  updated_until  timestamptz not null,
  created_until  timestamptz not null,
  due_at         timestamptz not null,
  leased_until   timestamptz not null, -- by the gateway that works on it
  started_at     timestamptz,          -- of the last run
  finished_at    timestamptz,          -- null while it runs
  seen           bigint      not null default 0,
  changed        bigint      not null default 0,
  failure        text                  -- why it did not get to its end; it goes on from where it was
);

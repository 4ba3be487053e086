-- Long work that operators ordered: who wanted what and why, and how far it came. Whoever works on it renews the lease with
-- every page; a lease that has run out was a gateway's that was killed, and another one goes on from here.
create table job (
  id                bigint generated always as identity primary key,
  kind              text not null,
  wanted            jsonb not null,
  applies           boolean not null,    -- else it only shows
  operator          text not null,
  reason            text not null,
  action_id         bigint,              -- the audit's row that ends with it
  state             text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
  cancel_requested  boolean not null default false,
  leased_by         uuid,
  leased_until      timestamptz,
  unit              text not null,       -- what is counted
  done              bigint not null default 0,
  total             bigint not null,
  per_second        double precision not null default 0,
  at                bigint not null default 0, -- the last id that it is through with
  differences       bigint not null default 0,
  trouble           text,
  created_at        timestamptz not null default now(),
  started_at        timestamptz,
  ended_at          timestamptz
);
create index job_to_do on job (id) where state in ('waiting', 'running');
create index job_action on job (action_id) where action_id is not null;

-- What a job found, the first of it. Nothing personal: it outlives the row.
create table job_difference (
  id      bigint generated always as identity primary key,
  job_id  bigint not null references job on delete cascade,
  found   jsonb not null
);
create index job_difference_job on job_difference (job_id, id);

-- Whether somebody works on an import says its job.
alter table import_progress drop column leased_until;

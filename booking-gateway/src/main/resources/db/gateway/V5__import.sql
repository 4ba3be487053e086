-- The predecessor's rows keep their ids; what is live gets its own from here on.
select setval('call_id', greatest(nextval('call_id'), 1000000)),
       setval('customer_id', greatest(nextval('customer_id'), 1000000)),
       setval('appointment_id', greatest(nextval('appointment_id'), 1000000));

-- How far an import is; written with what it imports, so that a killed one goes on where it was.
create table import_progress (
  content_hash text        primary key, -- of the tables' files
  reason       text        not null,
  started_at   timestamptz not null,
  finished_at  timestamptz,
  leased_by    uuid        not null,    -- the gateway's run that works on it
  leased_until timestamptz not null,
  done         bigint      not null,
  total        bigint      not null,
  tally        json        not null     -- what became of what was done, and what of it is broken: ids only
);

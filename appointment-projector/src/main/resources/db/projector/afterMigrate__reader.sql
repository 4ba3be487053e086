-- After every start: the role of those who only look may be created later than the tables.
do $$
begin
  if exists (select from pg_roles where rolname = 'callsync_reader') then
    grant usage on schema public to callsync_reader;
    grant select on all tables in schema public to callsync_reader;
  end if;
end $$;

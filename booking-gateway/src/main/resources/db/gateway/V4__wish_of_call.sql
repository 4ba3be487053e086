-- Backfill asks for a call's wishes.
create index wish_call on wish (retell_call_id);

-- Null where the event was read before this version: nothing is said about those until their next event.
alter table expected_booking add column starts_at timestamptz;
alter table expected_booking add column ends_at timestamptz;
alter table expected_booking add column late boolean not null default false;

-- The link rate looks at the bookings of a day.
create index expected_booking_requested on expected_booking (requested_at) where source = 'retell_phone';

-- A Cal.com booking with seats is one booking of ours per seat; '' where there are none, or while the seat is not known.
alter table booking_uid add column seat_uid text not null default '';
alter table booking_uid drop constraint booking_uid_pkey;
alter table booking_uid add primary key (calcom_account, uid, seat_uid);

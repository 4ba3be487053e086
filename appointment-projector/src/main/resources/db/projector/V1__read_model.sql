-- The read model: what people, the validator and reports look at. Each aggregate's row carries the revision of the event
-- it shows. No foreign keys between aggregates, since their events arrive in any order: the validator watches the links.
-- No wall clock in aggregate rows: any order of the same events gives the same rows.

create table calls (
  id                    bigint primary key,
  retell_call_id        text not null unique,
  company_id            bigint,
  company_defaulted     boolean not null,
  customer_id           bigint,
  branch_id             text,
  from_number           text,
  to_number             text,
  direction             text,
  started_at            timestamptz,
  ended_at              timestamptz,
  status                text not null,
  disconnection_reason  text,
  summary               text,
  agent_id              text,
  call_successful       boolean,
  booking_claimed       boolean,
  analyzed              boolean not null,
  booking_confirmed     boolean not null,
  booking_details       jsonb,
  booking_ids           text[] not null,
  callback_requested    boolean not null,
  metadata              jsonb not null,
  revision              bigint not null
);

create table customers (
  id             bigint primary key,
  company_id     bigint not null,
  name           text,
  email          text,
  phone          text,
  identified_by  text not null,
  erased         boolean not null,
  revision       bigint not null
);
create index customers_company on customers (company_id);

create table appointments (
  id                    bigint primary key,
  booking_id            uuid not null unique,
  calcom_account        text not null,
  calcom_v2_booking_id  bigint,
  seat_uid              text not null default '',
  external_id           text,
  call_id               bigint,
  customer_id           bigint,
  company_id            bigint,
  branch_id             text,
  service_id            bigint,
  staff_id              text,
  starts_at             timestamptz,
  ends_at               timestamptz,
  booking_timezone      text not null,
  status                text not null,
  source                text not null,
  attendee_name         text,
  attendee_phone        text,
  attendee_email        text,
  metadata              jsonb not null,
  revision              bigint not null,
  -- Deferred, so that one batch may hand a Cal.com id from one booking to another.
  constraint appointments_calcom_identity unique (calcom_account, calcom_v2_booking_id, seat_uid) deferrable initially deferred
);
create index appointments_call on appointments (call_id);
create index appointments_customer on appointments (customer_id);
create index appointments_company_start on appointments (company_id, starts_at);

create table appointment_calls (
  appointment_id  bigint not null,
  call_id         bigint not null,
  revision        bigint not null,
  primary key (appointment_id, call_id)
);
create index appointment_calls_call on appointment_calls (call_id);

-- Bookings that yield: another booking with a lower appointment id holds the same Cal.com booking and seat. They come back
-- by themselves when that one lets go of it. Empty unless two events that belong together arrived apart, or the gateway erred.
create table appointment_yielded (like appointments, further_call_ids bigint[] not null, primary key (id));
create unique index appointment_yielded_booking on appointment_yielded (booking_id);

create table companies (
  id              bigint primary key,
  name            text not null,
  timezone        text not null,
  language        text not null,
  fallback_email  text,
  self_repair     boolean not null,
  revision        bigint not null
);

create table branches (
  id          text primary key,
  company_id  bigint not null,
  name        text not null,
  revision    bigint not null
);

create table phone_numbers (
  id          text primary key,
  company_id  bigint not null,
  branch_id   text,
  number      text not null,
  revision    bigint not null
);

create table services (
  id                    bigint primary key,
  company_id            bigint not null,
  branch_id             text,
  name                  text not null,
  synonyms              jsonb not null,
  duration_minutes      integer not null,
  calcom_event_type_id  bigint not null,
  calcom_account        text not null,
  active                boolean not null,
  revision              bigint not null
);

create table staff (
  id              text primary key,
  company_id      bigint not null,
  branch_id       text,
  name            text,
  email           text,
  calcom_user_id  bigint,
  active          boolean not null,
  revision        bigint not null
);

-- What was deleted from the directory and by which revision, so that an older event does not bring it back.
create table directory_deleted (
  entity_type  text not null,
  entity_id    text not null,
  revision     bigint not null,
  primary key (entity_type, entity_id)
);

create table appointment_history (
  booking_id         uuid not null,
  revision           bigint not null,
  appointment_id     bigint not null,
  event_id           uuid not null,
  event_type         text not null,
  occurred_at        timestamptz not null,
  received_at        timestamptz not null,
  source             text not null,
  cause              text not null,
  status             text not null,
  starts_at          timestamptz,
  ends_at            timestamptz,
  calcom_booking_id  bigint,
  calcom_uid         text,
  primary key (booking_id, revision)
);
create index appointment_history_appointment on appointment_history (appointment_id);

create table booking_alias (
  alias_booking_id  uuid primary key,
  booking_id        uuid not null
);

-- Up to where the rows show the topics; written in the transaction that writes the rows.
create table projector_position (
  topic         text not null,
  partition     integer not null,
  next_offset   bigint not null,
  committed_at  timestamptz not null,
  primary key (topic, partition)
);

-- The relay of row changes says what a row was before.
alter table calls replica identity full;
alter table customers replica identity full;
alter table appointments replica identity full;
alter table appointment_calls replica identity full;
alter table companies replica identity full;
alter table services replica identity full;

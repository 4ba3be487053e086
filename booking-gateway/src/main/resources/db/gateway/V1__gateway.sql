-- The write side. Every aggregate is one row that is locked while it changes; state is the fold of all facts, as JSON.

create sequence delivery_id increment by 50; -- each gateway mints from its own block

create table delivery (
  id          bigint      primary key, -- from the sequence delivery_id, minted before anything is decided
  received_at timestamptz not null,
  sender      text        not null, -- retell or calcom
  kind        text        not null, -- event name, function or trigger, as received
  subject     text,                 -- Retell call id or Cal.com uid
  body        bytea       not null,
  outcome     text        not null, -- applied, no_change, kept_unknown, unresolved
  note        text,
  event_ids   uuid[]      not null default '{}'
);
create index delivery_subject on delivery (subject);
create index delivery_received on delivery (received_at);

-- The durable work row of a delivery whose booking is not known yet.
create table unresolved (
  delivery_id     bigint primary key references delivery,
  calcom_account  text        not null,
  uid             text        not null,
  waits_for_uid   text,
  attempts        int         not null default 0,
  next_attempt_at timestamptz not null
);
create index unresolved_due on unresolved (next_attempt_at);
create index unresolved_uid on unresolved (uid);
create index unresolved_waits_for on unresolved (waits_for_uid);

create sequence call_id;
create sequence appointment_id;
create sequence customer_id;

create table call (
  retell_call_id text   primary key,
  call_id        bigint not null unique,
  company_id     bigint,
  to_number      text,
  revision       bigint not null,
  state          jsonb  not null
);
create index call_without_company on call (to_number) where company_id is null;

create table customer (
  customer_id bigint primary key,
  company_id  bigint not null,
  identity    text   not null, -- phone:E.164, email:ADDRESS or call:RETELL ID
  revision    bigint not null,
  state       jsonb  not null,
  unique (company_id, identity)
);

create table booking (
  booking_id     uuid   primary key,
  appointment_id bigint not null unique,
  calcom_account text   not null,
  event_type_id  bigint,
  company_id     bigint,
  customer_id    bigint,
  starts_at      timestamptz,
  stands         boolean not null,
  request_id     uuid   unique,
  revision       bigint not null,
  state          jsonb  not null
);
create index booking_without_company on booking (calcom_account, event_type_id) where company_id is null;

create index booking_of_customer on booking (customer_id) where stands;

-- The uid chain: every uid a booking ever had leads to it.
create table booking_uid (
  calcom_account text not null,
  uid            text not null,
  booking_id     uuid not null,
  primary key (calcom_account, uid)
);
create index booking_uid_booking on booking_uid (booking_id);

-- What a caller asked for. Standing while it is open or its booking stands: then no second one may be made.
create table wish (
  request_id      uuid primary key,
  booking_id      uuid        not null,
  retell_call_id  text        not null,
  intent_key      text        not null,
  calcom_account  text        not null,
  event_type_id   bigint      not null,
  starts_at       timestamptz not null,
  ends_at         timestamptz not null,
  state           text        not null, -- open, settled
  standing        boolean     not null,
  created_at      timestamptz not null,
  attempts        int         not null default 0,
  next_attempt_at timestamptz not null
);
create unique index wish_intent on wish (intent_key) where standing;
create index wish_booking on wish (booking_id);
create index wish_due on wish (next_attempt_at) where state = 'open';
create index wish_open_slot on wish (calcom_account, event_type_id, starts_at) where state = 'open';

-- What a caller wants changed of a booking that stands: moved to starts_at, or cancelled where that is null.
create table change_wish (
  request_id      uuid primary key,
  booking_id      uuid        not null,
  call_id         bigint      not null,
  retell_call_id  text        not null,
  uid             text        not null,
  starts_at       timestamptz,
  state           text        not null, -- open, done, refused
  created_at      timestamptz not null,
  attempts        int         not null default 0,
  next_attempt_at timestamptz not null
);
create unique index change_wish_open on change_wish (booking_id) where state = 'open';
create index change_wish_due on change_wish (next_attempt_at) where state = 'open';

-- The times that were offered in a call.
create table offer (
  retell_call_id text        not null,
  number         int         not null,
  service_id     bigint      not null,
  starts_at      timestamptz not null,
  offered_at     timestamptz not null,
  primary key (retell_call_id, number),
  unique (retell_call_id, service_id, starts_at)
);

-- The same tool call always gets its first answer.
create table tool_call (
  retell_call_id text not null,
  tool_call_id   text not null,
  request_id     uuid, -- null where nothing was wished: refused, or nothing to do
  answer         json, -- not jsonb: it is repeated as it was given
  primary key (retell_call_id, tool_call_id)
);

create table directory_entry (
  entity_type text    not null, -- company, branch, phone_number, service, staff
  entity_id   text    not null,
  company_id  bigint  not null,
  revision    bigint  not null,
  deleted     boolean not null,
  entry       jsonb   not null,
  primary key (entity_type, entity_id)
);
create unique index directory_number on directory_entry ((entry ->> 'number')) where entity_type = 'phone_number' and not deleted;
create unique index directory_event_type on directory_entry ((entry ->> 'calcomAccount'), ((entry ->> 'eventTypeId')::bigint)) where entity_type = 'service' and not deleted;
create index directory_company on directory_entry (company_id, entity_type);

-- Settings that this database makes for itself, such as the key of the look-up hashes.
create table own_secret (
  name  text primary key,
  value bytea not null
);

-- Which calls hold one booking of Cal.com: the validator asks it for hundreds of calls at a time.
create index calls_calcom_booking on calls ((booking_details #>> '{calcom_booking,id}')) where booking_details is not null;

-- Every instance has the same schedule: what nobody ordered is ordered once.
create unique index job_scheduled on job (date_trunc('minute', created_at at time zone 'UTC')) where author = '(schedule)';

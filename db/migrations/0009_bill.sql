-- What use costs in money, and who gets how much of what a month may cost.

create table point_cost (
  measured_at timestamptz(3) not null,
  resource text collate "C" not null check (resource in ('database_us', 'cpu_us', 'bytes')),
  per_operation double precision not null,
  per_point double precision not null,
  error double precision not null,
  explained double precision not null,
  operations integer not null,
  primary key (measured_at, resource)
);
comment on table point_cost is 'What operations were measured to take on this deployment: per_operation for each, and per_point for each point of its cost; microseconds or bytes. The latest measurement counts.';
comment on column point_cost.error is 'Standard error of per_point.';
comment on column point_cost.explained is 'Share of what differs between operations that these two explain: 1 is all of it.';

create table bill_month (
  month timestamptz primary key,
  currency text not null,
  per_operation double precision not null,
  per_point double precision not null,
  per_database_us double precision not null,
  per_byte double precision not null,
  ceiling double precision check (ceiling > 0),
  spent double precision not null,
  forecast double precision not null,
  point_price double precision,
  capacity integer,
  capacity_of_slowed integer,
  warned_percent integer not null default 0,
  counted_at timestamptz(3) not null
);
comment on table bill_month is 'What each month (UTC) has cost so far and will have cost, in units of the currency: use times what each unit of it costs, CPU as each operation and each point of it was measured to take. ceiling null: there is none.';
comment on column bill_month.point_price is 'What a point has cost lately, all in all; null where nothing was used yet.';
comment on column bill_month.capacity is 'Points of the budget service-month that may be drawn until the ceiling is reached; null: as many as there are.';
comment on column bill_month.capacity_of_slowed is 'Points of it at which accounts that were slowed down have to stop: what is left is for the others.';
comment on column bill_month.warned_percent is 'The highest share of the ceiling at which the operator was warned.';

create table quota_share (
  account_id uuid unique nulls not distinct references account on delete cascade,
  restore_per_second double precision not null check (restore_per_second between 1e-9 and 1e9),
  demand_per_second double precision not null check (demand_per_second >= 0)
);
comment on table quota_share is 'Accounts that would use more than their fair share of what is left of this month''s ceiling, and the rate in points at which their budgets fill meanwhile. account_id null: all who come without credentials.';
comment on column quota_share.demand_per_second is 'What each used before it was slowed down.';

create function tell_bill_change() returns trigger
  language plpgsql
as $$
begin
  perform pg_catalog.pg_notify('maat_bill', '');
  return null;
end
$$;
comment on function tell_bill_change() is 'Tells every gateway that budgets are others now, because of what the month costs.';
create trigger bill_changed after insert or update of capacity, capacity_of_slowed or delete on bill_month
  for each statement execute function tell_bill_change();
create trigger share_changed after insert or update of restore_per_second or delete on quota_share
  for each statement execute function tell_bill_change();

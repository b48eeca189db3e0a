-- The ledger: what was asked for, what it cost, and what became of points that nobody accounts for.

create type ledger_kind as enum ('forfeit', 'correction');

create table usage_record (
  recorded_at timestamptz(3) not null,
  gateway_id uuid not null,
  segment integer not null,
  place bigint not null,
  request_id text not null,
  lease_id uuid,
  leased_at timestamptz,
  account_id uuid,
  key_id uuid,
  operation text collate "C" not null,
  document bytea,
  estimated integer not null,
  points integer not null,
  rows integer not null,
  database_us integer not null,
  bytes integer not null,
  duration_us integer not null,
  outcome text collate "C" not null,
  operations integer not null,
  unique (recorded_at, gateway_id, segment, place)
) partition by range (recorded_at);
comment on table usage_record is 'One line for each operation, refused ones too, as a gateway wrote it down before it answered. place: where its line begins in that gateway''s segment, in bytes. By the gateway''s clock.';
comment on column usage_record.lease_id is 'The grant that it was paid from, taken leased_at by the clock of the budgets'' store; null where none was drawn on.';
comment on column usage_record.account_id is 'Null: without credentials. The nil UUID: of an account that was deleted since.';
comment on column usage_record.key_id is 'Null: a session, or no credentials.';
comment on column usage_record.document is 'SHA-256 of the document that was asked for; null where none was read: a request that was refused before, or a page of a bulk export. Only records with one are uses.';
comment on column usage_record.estimated is 'Points that it could cost at most; 0 where it was refused before it had a price.';
comment on column usage_record.points is 'Points that it cost.';
comment on column usage_record.outcome is 'OK, or the code of its refusal.';
comment on column usage_record.operations is 'More than one where refusals of the same kind are written down together.';
create index usage_record_account on usage_record (account_id, recorded_at);
-- Grows with the clock, whatever that of a gateway says: a few pages are enough to find a lease.
create index usage_record_leased on usage_record using brin (leased_at) with (pages_per_range = 16, autosummarize = on);

create table usage_batch (
  gateway_id uuid not null,
  segment integer not null,
  place bigint not null,
  place_end bigint not null,
  first_at timestamptz(3) not null,
  last_at timestamptz(3) not null,
  shipped_at timestamptz not null default clock_timestamp(),
  primary key (gateway_id, segment, place)
);
comment on table usage_batch is 'Records that came together and are in no roll-up yet: gone as soon as they are.';

create table usage_hour (
  hour timestamptz not null,
  account_id uuid,
  key_id uuid,
  operation text collate "C" not null,
  operations bigint not null,
  refusals bigint not null,
  estimated bigint not null,
  points bigint not null,
  debited bigint not null,
  rows bigint not null,
  database_us bigint not null,
  bytes bigint not null,
  duration_us bigint not null,
  unique nulls not distinct (account_id, hour, key_id, operation)
) partition by range (hour);
comment on table usage_hour is 'Records by account, key, operation and hour (UTC). refusals: of the operations, those that were refused. estimated: of those that were not. debited: of the points, those that a grant paid.';

create table usage_day (like usage_hour) partition by range (hour);
alter table usage_day rename column hour to day;
alter table usage_day add unique nulls not distinct (account_id, day, key_id, operation);
comment on table usage_day is 'The same by day (UTC).';

create table usage_apart (
  day timestamptz not null,
  kind text collate "C" not null check (kind in ('all', 'account', 'key', 'operation')),
  account_id uuid,
  key_id uuid,
  operation text collate "C",
  operations bigint not null,
  refusals bigint not null,
  estimated bigint not null,
  points bigint not null,
  database_us bigint not null,
  bytes bigint not null,
  unique nulls not distinct (kind, day, account_id, key_id, operation)
) partition by range (day);
comment on table usage_apart is 'The same sums told apart by one thing alone, or by nothing: so few that those of all accounts are read at once.';

create table usage_refusal (
  day timestamptz not null,
  account_id uuid,
  key_id uuid,
  outcome text collate "C" not null,
  refusals bigint not null,
  unique nulls not distinct (account_id, day, key_id, outcome)
) partition by range (day);
comment on table usage_refusal is 'Refused operations by account, key, code and day (UTC).';

create table ledger_entry (
  id uuid primary key,
  kind ledger_kind not null,
  account_id uuid,
  points bigint not null,
  explained bigint not null default 0,
  leased_at timestamptz,
  reason text not null,
  created_at timestamptz(3) not null,
  check ((kind = 'forfeit') = (leased_at is not null)),
  check (kind = 'forfeit' or explained = 0)
);
comment on table ledger_entry is 'Points that were drawn, and no operation alone accounts for. A forfeit has the id of a grant that nobody settled: its points, and how many of them are explained by records that name it; the rest is what was lost. A correction is made by hand.';
create index ledger_entry_account on ledger_entry (account_id, created_at);

create table ledger_brought_forward (
  account_id uuid unique nulls not distinct,
  points bigint not null
);
comment on table ledger_brought_forward is 'Points of each account, and of all without credentials (null), that were drawn before there was a ledger or are no longer in it.';

create table meter_gateway (
  gateway_id uuid primary key,
  started_at timestamptz not null default clock_timestamp(),
  shipped_at timestamptz not null,
  ended_at timestamptz
);
comment on table meter_gateway is 'Every process that wrote records. shipped_at: whatever it had recorded by then is in the ledger; ended_at: all of it is, and there will be no more.';

create table meter_segment (
  gateway_id uuid not null references meter_gateway on delete cascade,
  segment integer not null,
  shipped bigint not null,
  removed_at timestamptz,
  primary key (gateway_id, segment)
);
comment on table meter_segment is 'How far the segments of a gateway are in the ledger, in bytes; removed_at: all of it is, and its file is gone. Kept for a while: somebody may still bring what he read before that.';

create table usage_erasure (
  erased_id uuid primary key
);
comment on table usage_erasure is 'Accounts that were deleted, and that the ledger has not forgotten yet.';

create table usage_use (
  account_id uuid not null references account on delete cascade,
  key_id uuid,
  gateway_id uuid not null,
  segment integer not null,
  place bigint not null,
  calls bigint not null,
  used_at timestamptz(3) not null,
  unique nulls not distinct (account_id, key_id, gateway_id, segment, place)
);
comment on table usage_use is 'Operations that came into the ledger together, and that their account and key do not count yet: gone within a second.';

-- Months. A table of the ledger has a partition for each, and drops it as a whole.

create function ledger_month(parent text, month timestamptz) returns void
  language plpgsql
  security definer
  set search_path = public, pg_temp
as $$
declare
  first constant timestamptz := date_trunc('month', month, 'UTC');
  partition constant text := format('%s_%s', parent, to_char(first at time zone 'UTC', 'YYYY_MM'));
begin
  if parent not in ('usage_record', 'usage_hour', 'usage_day', 'usage_apart', 'usage_refusal') then
    raise exception 'The table % has no months.', parent;
  end if;
  if to_regclass(partition) is not null then return; end if;
  -- One at a time, whoever else needs it.
  perform pg_advisory_xact_lock(7226229);
  -- Asked of the table: what the names are cached as may be older than the wait.
  if exists (select from pg_class where relname = partition and relnamespace = 'public'::regnamespace) then return; end if;
  -- Made apart and attached: whoever reads or writes the other months goes on.
  execute format('create table %I (like %I including all)', partition, parent);
  execute format(
    'alter table %I attach partition %I for values from (%L) to (%L)',
    parent, partition, first, (first at time zone 'UTC' + interval '1 month') at time zone 'UTC'
  );
  if parent <> 'usage_record' then
    execute format('alter table %I set (fillfactor = 70)', partition);
  end if;
end
$$;
comment on function ledger_month is 'Makes the partition of a month (UTC), unless it is there.';

create function ledger_drop_months(parent text, before timestamptz) returns integer
  language plpgsql
  security definer
  set search_path = public, pg_temp
  -- Everybody waits behind it: where somebody reads for long, it is for another time.
  set lock_timeout = '100ms'
as $$
declare
  partition regclass;
  dropped integer := 0;
begin
  if parent not in ('usage_record', 'usage_hour', 'usage_day', 'usage_apart', 'usage_refusal') then
    raise exception 'The table % has no months.', parent;
  end if;
  for partition in
    select inhrelid::regclass from pg_inherits
    where inhparent = parent::regclass
      and right(inhrelid::regclass::text, 7) < to_char(date_trunc('month', before, 'UTC') at time zone 'UTC', 'YYYY_MM')
    order by inhrelid::regclass::text
  loop
    if parent = 'usage_day' then
      -- What is dropped was drawn all the same.
      execute format(
        'insert into ledger_brought_forward as b (account_id, points)
          select account_id, sum(debited) from %s group by 1
          on conflict (account_id) do update set points = b.points + excluded.points', partition
      );
    end if;
    execute format('drop table %s', partition);
    dropped := dropped + 1;
  end loop;
  return dropped;
end
$$;
comment on function ledger_drop_months is 'Drops every partition whose month (UTC) ended before the month of this moment; answers how many.';

-- Roll-ups. Every record is in usage_batch or in the roll-ups, never in both: whoever asks adds them up.

-- A segment is rolled up from its beginning on: whatever lies behind the first part that is not, is not.
create view usage_fresh as
  select r.*
  from (
    select gateway_id, segment, min(place) as place, min(first_at) as first_at, max(last_at) as last_at
    from usage_batch group by 1, 2
  ) b
  cross join lateral (
    select * from usage_record r
    where r.recorded_at between b.first_at and b.last_at
      and r.gateway_id = b.gateway_id and r.segment = b.segment and r.place >= b.place
  ) r;
comment on view usage_fresh is 'Records that are in no roll-up yet.';

create function usage_roll_up(batches integer, names integer) returns integer
  language plpgsql
  set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
  rolled integer;
begin
  -- One at a time: nobody has to think of the order in which rows are written.
  if not pg_try_advisory_xact_lock(7226230) then return 0; end if;
  with oldest as (
    select gateway_id, segment, place from usage_batch order by gateway_id, segment, place limit batches
  ), batch as (
    delete from usage_batch b using oldest o
    where b.gateway_id = o.gateway_id and b.segment = o.segment and b.place = o.place returning b.*
  ), record as materialized (
    select r.* from batch b cross join lateral (
      select * from usage_record r
      where r.recorded_at between b.first_at and b.last_at
        and r.gateway_id = b.gateway_id and r.segment = b.segment and r.place >= b.place and r.place < b.place_end
    ) r
  ), given_name as (
    select date_trunc('day', recorded_at, 'UTC') as day, account_id, key_id, operation from record
    where operation <> '' group by 1, 2, 3, 4
  ), new_name as (
    select n.*, row_number() over (partition by day, account_id, key_id order by operation) + (
      select count(*) from usage_day d
      where d.account_id is not distinct from n.account_id and d.day = n.day and d.key_id is not distinct from n.key_id
        and d.operation <> ''
    ) as number
    from given_name n where not exists (
      select from usage_day d
      where d.account_id is not distinct from n.account_id and d.day = n.day and d.key_id is not distinct from n.key_id
        and d.operation = n.operation
    )
  ), named as (
    select r.*, case when n.number > names then '' else r.operation end as kept_name
    from record r left join new_name n
      on n.day = date_trunc('day', r.recorded_at, 'UTC') and n.account_id is not distinct from r.account_id
        and n.key_id is not distinct from r.key_id and n.operation = r.operation
  ), by_hour as materialized (
    select date_trunc('hour', recorded_at, 'UTC') as hour, account_id, key_id, kept_name as operation,
      sum(operations)::bigint as operations, coalesce(sum(operations) filter (where outcome <> 'OK'), 0)::bigint as refusals,
      coalesce(sum(estimated) filter (where outcome = 'OK'), 0)::bigint as estimated, sum(points)::bigint as points,
      coalesce(sum(points) filter (where lease_id is not null), 0)::bigint as debited,
      sum(rows)::bigint as rows, sum(database_us)::bigint as database_us, sum(bytes)::bigint as bytes, sum(duration_us)::bigint as duration_us
    from named group by 1, 2, 3, 4
  ), into_hour as (
    insert into usage_hour as u select * from by_hour
    on conflict (account_id, hour, key_id, operation) do update set
      operations = u.operations + excluded.operations, refusals = u.refusals + excluded.refusals,
      estimated = u.estimated + excluded.estimated, points = u.points + excluded.points, debited = u.debited + excluded.debited,
      rows = u.rows + excluded.rows, database_us = u.database_us + excluded.database_us, bytes = u.bytes + excluded.bytes,
      duration_us = u.duration_us + excluded.duration_us
  ), into_day as (
    insert into usage_day as u
    select date_trunc('day', hour, 'UTC'), account_id, key_id, operation, sum(operations), sum(refusals), sum(estimated), sum(points),
      sum(debited), sum(rows), sum(database_us), sum(bytes), sum(duration_us)
    from by_hour group by 1, 2, 3, 4
    on conflict (account_id, day, key_id, operation) do update set
      operations = u.operations + excluded.operations, refusals = u.refusals + excluded.refusals,
      estimated = u.estimated + excluded.estimated, points = u.points + excluded.points, debited = u.debited + excluded.debited,
      rows = u.rows + excluded.rows, database_us = u.database_us + excluded.database_us, bytes = u.bytes + excluded.bytes,
      duration_us = u.duration_us + excluded.duration_us
  ), apart as (
    select date_trunc('day', hour, 'UTC') as day, k.kind,
      case when k.kind = 'account' then account_id end as account_id, case when k.kind = 'key' then key_id end as key_id,
      case when k.kind = 'operation' then operation end as operation,
      sum(operations) as operations, sum(refusals) as refusals, sum(estimated) as estimated, sum(points) as points,
      sum(database_us) as database_us, sum(bytes) as bytes
    from by_hour cross join unnest(array['all', 'account', 'key', 'operation']) as k (kind)
    -- Who has no account, or no key, is in none of these.
    where (k.kind <> 'account' or account_id is not null) and (k.kind <> 'key' or key_id is not null)
    group by 1, 2, 3, 4, 5
  ), into_apart as (
    insert into usage_apart as u select * from apart
    on conflict (kind, day, account_id, key_id, operation) do update set
      operations = u.operations + excluded.operations, refusals = u.refusals + excluded.refusals,
      estimated = u.estimated + excluded.estimated, points = u.points + excluded.points,
      database_us = u.database_us + excluded.database_us, bytes = u.bytes + excluded.bytes
  ), into_refusal as (
    insert into usage_refusal as u (day, account_id, key_id, outcome, refusals)
    select date_trunc('day', recorded_at, 'UTC'), account_id, key_id, outcome, sum(operations)
    from record where outcome <> 'OK' group by 1, 2, 3, 4
    on conflict (account_id, day, key_id, outcome) do update set refusals = u.refusals + excluded.refusals
  )
  select count(*) into rolled from batch;
  return rolled;
end
$$;
comment on function usage_roll_up is 'Adds batches to the roll-ups, once, of each segment the earliest first; answers how many. A client may call its operations whatever it likes: of one key and day, so many names at most have rows of their own.';

-- Shipping. A part of a segment comes into the ledger once, whoever brings it, and however often.

create function usage_ship(
  shipping uuid, number integer, place_start bigint, place_end bigint,
  places bigint[], at_ms double precision[], request_ids text[], lease_ids uuid[], leased_us double precision[],
  account_ids uuid[], key_ids uuid[], operation_names text[], documents text[], estimates integer[], points_spent integer[],
  row_counts integer[], database_times integer[], sizes integer[], durations integer[], outcomes text[], counts integer[]
) returns bigint
  language plpgsql
as $$
declare
  nobody constant uuid := '00000000-0000-0000-0000-000000000000';
  known uuid[];
  so_far bigint;
begin
  insert into meter_segment (gateway_id, segment, shipped) values (shipping, number, 0) on conflict do nothing;
  select shipped into so_far from meter_segment where gateway_id = shipping and segment = number for update;
  if so_far <> place_start then return so_far; end if;
  -- Not while forfeits are noted: each of the two has to see what the other has done.
  perform pg_advisory_xact_lock_shared(7226231);
  -- Whose account goes meanwhile waits: its records are forgotten after they are here.
  select array_agg(id) into known from (
    select id from account where id = any (account_ids) order by id for key share
  ) a;
  insert into usage_record (
    recorded_at, gateway_id, segment, place, request_id, lease_id, leased_at, account_id, key_id, operation, document,
    estimated, points, rows, database_us, bytes, duration_us, outcome, operations
  )
  select
    to_timestamp(r.ms / 1000), shipping, number, r.place,
    case when is_gone then '' else r.request_id end, r.lease_id, timestamptz 'epoch' + r.us * interval '1 microsecond',
    case when is_gone then nobody else r.account_id end, case when is_gone then null else r.key_id end,
    case when is_gone then '' else r.operation end, decode(r.document, 'base64'),
    coalesce(r.estimated, 0), r.points, r.rows, r.database_us, r.bytes, r.duration_us, r.outcome, r.operations
  from unnest(
    places, at_ms, request_ids, lease_ids, leased_us, account_ids, key_ids, operation_names, documents, estimates, points_spent,
    row_counts, database_times, sizes, durations, outcomes, counts
  ) as r (
    place, ms, request_id, lease_id, us, account_id, key_id, operation, document, estimated, points,
    rows, database_us, bytes, duration_us, outcome, operations
  ) cross join lateral (select r.account_id is not null and r.account_id <> all (coalesce(known, '{}')) as is_gone) g
  on conflict do nothing;
  insert into usage_batch (gateway_id, segment, place, place_end, first_at, last_at)
    select shipping, number, place_start, place_end, to_timestamp(min(ms) / 1000), to_timestamp(max(ms) / 1000) from unnest(at_ms) as ms
    having count(*) > 0;
  insert into usage_use (account_id, key_id, gateway_id, segment, place, calls, used_at)
    select account_id, key_id, shipping, number, place_start, sum(operations), to_timestamp(max(ms) / 1000)
    from unnest(account_ids, key_ids, at_ms, documents, counts) as r (account_id, key_id, ms, document, operations)
    where account_id = any (known) and document is not null group by 1, 2;
  update ledger_entry e set explained = e.explained + r.points
  from (
    select lease_id, sum(points) as points from unnest(lease_ids, points_spent) as r (lease_id, points) where lease_id is not null group by 1
  ) r
  where e.id = r.lease_id;
  update meter_segment set shipped = place_end where gateway_id = shipping and segment = number;
  return place_end;
end
$$;
comment on function usage_ship is 'Puts one part of a segment into the ledger where it is the next one; answers how far the segment is there now. Records of accounts that are gone are nobody''s.';

create function usage_count(most integer) returns integer
  language plpgsql
as $$
declare
  found integer;
begin
  with used as materialized (
    select ctid as line, * from usage_use limit most for update skip locked
  ), accounts as materialized (
    select id from account where id in (select account_id from used) for no key update skip locked
  ), keys as materialized (
    select id from api_key where id in (select key_id from used) for no key update skip locked
  ), taken as materialized (
    select * from used u
    where account_id in (select id from accounts)
      and (key_id is null or key_id in (select id from keys) or not exists (select from api_key where id = u.key_id))
  ), counted_keys as (
    update api_key k set calls = k.calls + u.calls, last_used_at = greatest(k.last_used_at, u.at)
    from (select key_id, sum(calls) as calls, max(used_at) as at from taken group by 1) u
    where k.id = u.key_id
  ), counted_accounts as (
    update account a set
      key_calls = a.key_calls + u.key_calls,
      session_calls = a.session_calls + u.session_calls,
      last_seen_at = greatest(a.last_seen_at, u.at)
    from (
      select account_id, max(used_at) as at,
        coalesce(sum(calls) filter (where key_id is not null), 0) as key_calls,
        coalesce(sum(calls) filter (where key_id is null), 0) as session_calls
      from taken group by 1
    ) u
    where a.id = u.account_id
  ), gone as (
    delete from usage_use where ctid = any (array(select line from taken))
  )
  select count(*) into found from taken;
  return found;
end
$$;
comment on function usage_count is 'Has accounts and keys count what came into the ledger, once, whoever calls it; answers how many lines of it there were. It waits for nobody: whose row is held is counted the next time. The time of the last use never goes back.';

create function ledger_note_forfeits(
  ids uuid[], account_ids uuid[], forfeited_points integer[], taken_us double precision[], forfeited_us double precision[]
) returns void
  language plpgsql
as $$
begin
  perform pg_advisory_xact_lock(7226231);
  insert into ledger_entry (id, kind, account_id, points, explained, leased_at, reason, created_at)
  select f.id, 'forfeit', case when f.account_id is null or a.id is not null then f.account_id else '00000000-0000-0000-0000-000000000000' end,
    f.points, coalesce(r.points, 0), timestamptz 'epoch' + f.taken * interval '1 microsecond', 'unsettled',
    timestamptz 'epoch' + f.forfeited * interval '1 microsecond'
  from unnest(ids, account_ids, forfeited_points, taken_us, forfeited_us) as f (id, account_id, points, taken, forfeited)
  left join account a on a.id = f.account_id
  cross join lateral (
    select sum(points) as points from usage_record
    where lease_id = f.id and leased_at = timestamptz 'epoch' + f.taken * interval '1 microsecond'
  ) r
  on conflict (id) do nothing;
end
$$;
comment on function ledger_note_forfeits is 'Enters grants that nobody settled, with what their records explain so far.';

create function ledger_forget(erased uuid) returns void
  language plpgsql
as $$
declare
  nobody constant uuid := '00000000-0000-0000-0000-000000000000';
begin
  delete from usage_apart where kind = 'key' and key_id in (select key_id from usage_day where account_id = erased);
  with gone as (delete from usage_apart where kind = 'account' and account_id = erased returning *)
  insert into usage_apart as u
    select day, kind, nobody, null, null, sum(operations), sum(refusals), sum(estimated), sum(points), sum(database_us), sum(bytes)
    from gone group by day, kind
    on conflict (kind, day, account_id, key_id, operation) do update set
      operations = u.operations + excluded.operations, refusals = u.refusals + excluded.refusals,
      estimated = u.estimated + excluded.estimated, points = u.points + excluded.points,
      database_us = u.database_us + excluded.database_us, bytes = u.bytes + excluded.bytes;
  update usage_record set account_id = nobody, key_id = null, operation = '', request_id = '' where account_id = erased;
  with gone as (delete from usage_hour where account_id = erased returning *)
  insert into usage_hour as u
    select hour, nobody, null, '', sum(operations), sum(refusals), sum(estimated), sum(points), sum(debited), sum(rows),
      sum(database_us), sum(bytes), sum(duration_us)
    from gone group by hour
    on conflict (account_id, hour, key_id, operation) do update set
      operations = u.operations + excluded.operations, refusals = u.refusals + excluded.refusals,
      estimated = u.estimated + excluded.estimated, points = u.points + excluded.points, debited = u.debited + excluded.debited,
      rows = u.rows + excluded.rows, database_us = u.database_us + excluded.database_us, bytes = u.bytes + excluded.bytes,
      duration_us = u.duration_us + excluded.duration_us;
  with gone as (delete from usage_day where account_id = erased returning *)
  insert into usage_day as u
    select day, nobody, null, '', sum(operations), sum(refusals), sum(estimated), sum(points), sum(debited), sum(rows),
      sum(database_us), sum(bytes), sum(duration_us)
    from gone group by day
    on conflict (account_id, day, key_id, operation) do update set
      operations = u.operations + excluded.operations, refusals = u.refusals + excluded.refusals,
      estimated = u.estimated + excluded.estimated, points = u.points + excluded.points, debited = u.debited + excluded.debited,
      rows = u.rows + excluded.rows, database_us = u.database_us + excluded.database_us, bytes = u.bytes + excluded.bytes,
      duration_us = u.duration_us + excluded.duration_us;
  with gone as (delete from usage_refusal where account_id = erased returning *)
  insert into usage_refusal as u (day, account_id, key_id, outcome, refusals)
    select day, nobody, null, outcome, sum(refusals) from gone group by day, outcome
    on conflict (account_id, day, key_id, outcome) do update set refusals = u.refusals + excluded.refusals;
  update ledger_entry set account_id = nobody where account_id = erased;
  with gone as (delete from ledger_brought_forward where account_id = erased returning points)
  insert into ledger_brought_forward as b (account_id, points) select nobody, points from gone
    on conflict (account_id) do update set points = b.points + excluded.points;
  delete from usage_erasure where erased_id = erased;
end
$$;
comment on function ledger_forget is 'Nothing in the ledger tells any more whose this deleted account''s operations were; its sums stay, under the nil UUID.';

-- A grant that nobody settled leaves a trace.

create table quota_forfeited (
  grant_id uuid primary key,
  points integer not null,
  taken_at timestamptz not null,
  partitions text[] collate "C" not null,
  subjects text[] collate "C" not null,
  forfeited_at timestamptz not null
);
comment on table quota_forfeited is 'Grants that nobody settled in time, until the ledger has them.';

create or replace function quota_forfeit(batch integer) returns integer
  language plpgsql
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
  closed integer;
  partition_names text[];
  subject_names text[];
  totals bigint[];
begin
  with late as (
    select grant_id from quota_grant where forfeit_at <= clock_timestamp()
    order by forfeit_at limit batch for update skip locked
  ), gone as (
    delete from quota_grant where grant_id in (select grant_id from late) returning grant_id, points, taken_at, partitions, subjects
  ), noted as (
    insert into quota_forfeited (grant_id, points, taken_at, partitions, subjects, forfeited_at)
    select grant_id, points, taken_at, partitions, subjects, clock_timestamp() from gone
  ), lost as (
    select c.partition, c.subject, sum(points)::bigint as points
    from gone cross join unnest(partitions, subjects) as c (partition, subject) group by 1, 2
  )
  select (select count(*) from gone), array_agg(partition), array_agg(subject), array_agg(points)
    into closed, partition_names, subject_names, totals from lost;
  if closed > 0 then
    perform quota_lock(null, null, partition_names, subject_names);
    update quota_budget b set forfeited = b.forfeited + c.points
    from unnest(partition_names, subject_names, totals) as c (partition, subject, points)
    where b.partition = c.partition and b.subject = c.subject;
  end if;
  return closed;
end
$$;

-- What was drawn before there was a ledger. Grants that are open now are settled later, and drawn by then.
insert into ledger_brought_forward (account_id, points)
  select a.id, sum(b.reserved - b.refunded - coalesce(g.points, 0))
  from quota_budget b join account a on a.id::text = b.subject
  left join (
    select partition, subject, sum(points) as points from quota_grant cross join unnest(partitions, subjects) as c (partition, subject)
    group by 1, 2
  ) g using (partition, subject)
  where b.partition in ('day', 'control') group by a.id;
insert into ledger_brought_forward (account_id, points)
  select null, b.reserved - b.refunded - coalesce((
    select sum(points) from quota_grant where 'service-anonymous' = any (partitions)
  ), 0)
  from quota_budget b where b.partition = 'service-anonymous' and b.subject = 'all';

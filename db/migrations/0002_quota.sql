-- Budgets: what was drawn on them, what is reserved, and limits that a single account or key has.

create table quota_limit (
  account_id uuid not null references account on delete cascade,
  api_key_id uuid references api_key on delete cascade,
  partition text collate "C" not null check (partition in ('burst', 'day')),
  capacity integer not null check (capacity >= 1),
  restore_per_second double precision check (restore_per_second > 0),
  valid_until timestamptz(3),
  created_at timestamptz(3) not null default now(),
  unique nulls not distinct (account_id, api_key_id, partition),
  check ((partition = 'burst') = (restore_per_second is not null))
);
comment on table quota_limit is 'A limit of one account in place of the policy''s, or, with a key, a limit that this key has besides; in points. valid_until null: for good.';
create index quota_limit_key on quota_limit (api_key_id);

-- A limit applies to the next operation: every gateway forgets what it remembers of the account's keys.
create function tell_limit_change() returns trigger
  language plpgsql
as $$
begin
  perform pg_catalog.pg_notify('maat_key_changes', coalesce(new.account_id, old.account_id)::text);
  return null;
end
$$;
comment on function tell_limit_change() is 'Tells every gateway that what it remembers of the keys of this account is outdated.';
create trigger limit_changed after insert or update or delete on quota_limit
  for each row execute function tell_limit_change();

-- What is drawn on a budget sinks back to 0: of a bucket (restore_per_second given) little by little, of a calendar window
-- (named by date_trunc) when the next one begins. `at` is when that was last written, by the server's clock, and tells the
-- window too. Rows of several budgets are always locked in the order of their key.
--
-- All gateways meet in the row of the whole service, and nobody waits for a disk there: synchronous_commit is off. A crash
-- of a gateway forgets nothing; a crash of the server itself may forget the reservations of its last moments.

create table quota_budget (
  partition text collate "C" not null,
  subject text collate "C" not null check (subject <> ''),
  drawn double precision not null default 0 check (drawn >= 0),
  at timestamptz not null default clock_timestamp(),
  reserved bigint not null default 0,
  refunded bigint not null default 0,
  forfeited bigint not null default 0,
  primary key (partition, subject)
) with (fillfactor = 50);
comment on table quota_budget is 'What is drawn on each budget, in points. reserved, refunded and forfeited only grow: reserved minus refunded is what was spent or is still held. Budgets of client addresses are dropped after two days without use.';

create table quota_grant (
  grant_id uuid primary key,
  points integer not null check (points >= 1),
  taken_at timestamptz not null,
  forfeit_at timestamptz not null,
  partitions text[] collate "C" not null,
  subjects text[] collate "C" not null,
  windows text[] not null
);
comment on table quota_grant is 'Points taken and not settled yet, and the budgets they came from; windows: the calendar window of each, null for a bucket.';
create index quota_grant_forfeit on quota_grant (forfeit_at);

create table gateway (
  gateway_id uuid primary key,
  seen_at timestamptz not null,
  swept_partition text collate "C" not null default '',
  swept_subject text collate "C" not null default ''
);
comment on table gateway is 'Gateways that are alive, one row for each process; swept: the last budget that it looked at to drop what nobody uses any more.';

create function quota_drawn(drawn double precision, at timestamptz, restore_per_second double precision, calendar text, moment timestamptz)
  returns double precision
  language sql stable parallel safe
  return case
    when restore_per_second is not null
      then greatest(0, drawn - restore_per_second * greatest(0, extract(epoch from moment - at)::double precision))
    when date_trunc(calendar, at, 'UTC') >= date_trunc(calendar, moment, 'UTC') then drawn
    else 0
  end;
comment on function quota_drawn is 'What is still drawn on a budget at this moment.';

create function quota_wait_ms(points double precision, restore_per_second double precision, calendar text, moment timestamptz)
  returns double precision
  language sql stable parallel safe
  return ceil(1000 * case
    when restore_per_second is not null then points / restore_per_second
    else extract(epoch from (date_trunc(calendar, moment at time zone 'UTC') + ('1 ' || calendar)::interval) at time zone 'UTC' - moment)::double precision
  end);
comment on function quota_wait_ms is 'Milliseconds until so many points have come back to a budget.';

create function quota_lock(partition_names text[], subject_names text[]) returns integer
  language plpgsql
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
begin
  return (select count(*) from (
    select from quota_budget b
    join unnest(partition_names, subject_names) as c (partition, subject) using (partition, subject)
    order by b.partition, b.subject for update of b
  ) as locked);
end
$$;
comment on function quota_lock is 'Locks the rows of these budgets in the order in which everybody does; answers how many there are.';

create function quota_drawn_now(partition_names text[], subject_names text[], rates double precision[], calendars text[], moment timestamptz)
  returns double precision[]
  language plpgsql
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
begin
  return (
    select array_agg(coalesce(quota_drawn(b.drawn, b.at, c.rate, c.calendar, moment), 0) order by c.place)
    from unnest(partition_names, subject_names, rates, calendars) with ordinality as c (partition, subject, rate, calendar, place)
    left join quota_budget b on b.partition = c.partition and b.subject = c.subject
  );
end
$$;
comment on function quota_drawn_now is 'What is drawn on these budgets at this moment, in their order.';

create function quota_levels(
  partition_names text[], subject_names text[], capacities double precision[], rates double precision[], calendars text[],
  out remaining double precision[], out reset_ms double precision[]
)
  language plpgsql
as $$
declare
  moment constant timestamptz := clock_timestamp();
begin
  select
    array_agg(greatest(0, capacity - drawn) order by place),
    array_agg(quota_wait_ms(drawn, rate, calendar, moment) order by place)
  into remaining, reset_ms
  from unnest(quota_drawn_now(partition_names, subject_names, rates, calendars, moment), capacities, rates, calendars)
    with ordinality as c (drawn, capacity, rate, calendar, place);
end
$$;
comment on function quota_levels is 'What these budgets hold, in their order.';

create function quota_reserve(
  new_id uuid, asked integer, lease_share double precision, lease_min integer, forfeit_ms double precision,
  partition_names text[], subject_names text[], capacities double precision[], rates double precision[], calendars text[],
  out taken integer, out short text, out wait_ms double precision, out remaining double precision[], out reset_ms double precision[]
)
  language plpgsql
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
  moment timestamptz;
  drawn_before double precision[];
begin
  perform set_config('synchronous_commit', 'off', true);
  while quota_lock(partition_names, subject_names) < cardinality(partition_names) loop
    insert into quota_budget (partition, subject)
      select * from unnest(partition_names, subject_names) as c (partition, subject) order by 1, 2
      on conflict do nothing;
  end loop;
  -- Not before the rows are ours: somebody else may have drawn on them while we waited.
  moment := clock_timestamp();
  drawn_before := quota_drawn_now(partition_names, subject_names, rates, calendars, moment);

  with budget as (
    select c.*, case when drawn + asked > capacity then quota_wait_ms(drawn + asked - capacity, rate, calendar, moment) end as ms
    from unnest(drawn_before, partition_names, capacities, rates, calendars)
      with ordinality as c (drawn, partition, capacity, rate, calendar, place)
  ), verdict as (
    select max(ms) as ms, (array_agg(partition order by ms desc, place) filter (where ms is not null))[1] as partition,
      floor(min(capacity - drawn) * lease_share) as lease
    from budget
  ), decision as (
    select partition, coalesce(ms, 0) as ms,
      case when partition is not null then 0 when lease >= lease_min then least(2147483647, lease) else asked end as points
    from verdict
  )
  select d.points, d.partition, d.ms,
    array_agg(greatest(0, b.capacity - b.drawn - d.points) order by b.place),
    array_agg(quota_wait_ms(b.drawn + d.points, b.rate, b.calendar, moment) order by b.place)
  into taken, short, wait_ms, remaining, reset_ms
  from budget b cross join decision d group by d.points, d.partition, d.ms;

  if taken > 0 then
    update quota_budget b set
      drawn = c.drawn + taken,
      -- Where the clock was set back, what was drawn is not given back twice.
      at = greatest(b.at, moment),
      reserved = b.reserved + taken
    from unnest(partition_names, subject_names, drawn_before) as c (partition, subject, drawn)
    where b.partition = c.partition and b.subject = c.subject;
    insert into quota_grant (grant_id, points, taken_at, forfeit_at, partitions, subjects, windows)
      values (new_id, taken, moment, moment + forfeit_ms * interval '1 millisecond', partition_names, subject_names, calendars);
  end if;
end
$$;
comment on function quota_reserve is 'Takes the same points from every budget, or from none: then taken is 0, and short is the one that takes longest to hold them again.';

create function quota_settle(settled_id uuid, spent integer) returns void
  language plpgsql
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
  held quota_grant;
  unspent integer;
begin
  perform set_config('synchronous_commit', 'off', true);
  delete from quota_grant where grant_id = settled_id returning * into held;
  unspent := held.points - spent;
  if unspent < 0 then
    raise exception 'A grant of % points can not be settled with %.', held.points, spent;
  end if;
  -- Null where it was settled or forfeited before.
  if unspent > 0 then
    perform quota_lock(held.partitions, held.subjects);
    update quota_budget b set
      drawn = case
        when date_trunc(c.calendar, b.at, 'UTC') <> date_trunc(c.calendar, held.taken_at, 'UTC') then b.drawn
        else greatest(0, b.drawn - unspent)
      end,
      refunded = b.refunded + unspent
    from unnest(held.partitions, held.subjects, held.windows) as c (partition, subject, calendar)
    where b.partition = c.partition and b.subject = c.subject;
  end if;
end
$$;
comment on function quota_settle is 'Gives back what a grant did not spend, once. A budget whose window has ended since keeps what is drawn on the new one.';

create function quota_forfeit(batch integer) returns integer
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
    delete from quota_grant where grant_id in (select grant_id from late) returning points, partitions, subjects
  ), lost as (
    select c.partition, c.subject, sum(points)::bigint as points
    from gone cross join unnest(partitions, subjects) as c (partition, subject) group by 1, 2
  )
  select (select count(*) from gone), array_agg(partition), array_agg(subject), array_agg(points)
    into closed, partition_names, subject_names, totals from lost;
  if closed > 0 then
    perform quota_lock(partition_names, subject_names);
    update quota_budget b set forfeited = b.forfeited + c.points
    from unnest(partition_names, subject_names, totals) as c (partition, subject, points)
    where b.partition = c.partition and b.subject = c.subject;
  end if;
  return closed;
end
$$;
comment on function quota_forfeit is 'Closes so many grants at most that were not settled in time: their points stay spent. Answers how many.';

create function quota_sweep(sweeper uuid, slice integer) returns void
  language plpgsql
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
  looked_at text[][];
begin
  with seen as (
    select b.partition, b.subject, b.at from gateway g, quota_budget b
    where g.gateway_id = sweeper and (b.partition, b.subject) > (g.swept_partition, g.swept_subject)
      and b.partition like 'anonymous-%'
    order by b.partition, b.subject limit slice
  ), unused as (
    select b.partition, b.subject from quota_budget b join seen using (partition, subject)
    where seen.at < clock_timestamp() - interval '2 days' for update of b skip locked
  ), dropped as (
    delete from quota_budget b using unused u where b.partition = u.partition and b.subject = u.subject
  )
  select array_agg(array[partition, subject] order by partition, subject) into looked_at from seen;
  update gateway set
    swept_partition = case when cardinality(looked_at) = 2 * slice then looked_at[slice][1] else '' end,
    swept_subject = case when cardinality(looked_at) = 2 * slice then looked_at[slice][2] else '' end
  where gateway_id = sweeper;
end
$$;
comment on function quota_sweep is 'Looks at the next slice of the budgets of client addresses and drops those unused for two days: they are full, as nothing that they hold lasts longer.';

create function quota_tend(tending uuid, batch integer, out gateways integer, out forfeited integer)
  language plpgsql
as $$
begin
  perform set_config('synchronous_commit', 'off', true);
  insert into gateway (gateway_id, seen_at) values (tending, clock_timestamp())
    on conflict (gateway_id) do update set seen_at = excluded.seen_at;
  delete from gateway where gateway_id in (
    select gateway_id from gateway where seen_at < clock_timestamp() - interval '5 seconds' for update skip locked
  );
  select count(*) into gateways from gateway where seen_at >= clock_timestamp() - interval '5 seconds';
  forfeited := quota_forfeit(batch);
  perform quota_sweep(tending, batch);
end
$$;
comment on function quota_tend is 'Counts a gateway among the living, and tidies up one batch of what others left behind.';

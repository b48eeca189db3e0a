-- Budgets: what was drawn on them, what is reserved, and limits that a single account or key has.

create table quota_limit (
  account_id uuid not null references account on delete cascade,
  api_key_id uuid references api_key on delete cascade,
  partition text collate "C" not null check (partition in ('burst', 'day')),
  capacity integer not null check (capacity >= 1),
  restore_per_second double precision check (restore_per_second between 1e-9 and 1e9),
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

create function quota_lock(claimed_partitions text[], claimed_subjects text[], other_partitions text[], other_subjects text[])
  returns void
  language plpgsql
as $$
begin
  insert into quota_budget (partition, subject)
    select partition collate "C", subject collate "C"
    from unnest(claimed_partitions, claimed_subjects) as c (partition, subject)
    union
    select b.partition, b.subject
    from unnest(other_partitions, other_subjects) as c (partition, subject) join quota_budget b using (partition, subject)
    order by 1, 2
    -- A row that is there is locked, and not written: rows that are and rows that come to be, in one order.
    on conflict (partition, subject) do update set drawn = excluded.drawn where false;
end
$$;
comment on function quota_lock is 'Locks the rows of these budgets in the order in which everybody does. Those that are claimed are made where they are missing, the others are not.';

create function quota_look(
  partition_names text[], subject_names text[], rates double precision[], calendars text[],
  out drawn double precision[], out at_ms double precision
)
  language plpgsql
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
  moment constant timestamptz := clock_timestamp();
begin
  at_ms := 1000 * extract(epoch from moment);
  select array_agg(coalesce(quota_drawn(b.drawn, b.at, c.rate, c.calendar, moment), 0) order by c.place) into drawn
  from unnest(partition_names, subject_names, rates, calendars) with ordinality as c (partition, subject, rate, calendar, place)
  left join quota_budget b on b.partition = c.partition and b.subject = c.subject;
end
$$;
comment on function quota_look is 'What is drawn on these budgets, in their order, and when that is, in ms since 1970.';

create function quota_settle(settled_ids uuid[], points_spent integer[]) returns void
  language plpgsql
as $$
begin
  with gone as (
    delete from quota_grant g using unnest(settled_ids, points_spent) as s (id, spent)
    where g.grant_id = s.id and g.points >= s.spent
    returning g.points - s.spent as unspent, g.taken_at, g.partitions, g.subjects, g.windows
  ), back as (
    select b.partition, b.subject, sum(unspent)::bigint as refunded,
      sum(unspent) filter (where calendar is null or date_trunc(calendar, b.at, 'UTC') = date_trunc(calendar, taken_at, 'UTC')) as undrawn
    from gone cross join unnest(partitions, subjects, windows) as c (partition, subject, calendar)
    join quota_budget b using (partition, subject)
    where unspent > 0 group by 1, 2
  )
  update quota_budget b set
    drawn = greatest(0, b.drawn - coalesce(back.undrawn, 0)),
    refunded = b.refunded + back.refunded
  from back where b.partition = back.partition and b.subject = back.subject;
end
$$;
comment on function quota_settle is 'Gives back what these grants did not spend, once, and closes them; those that hold less than was spent stay. A budget whose window has ended since keeps what is drawn on the new one.';

create function quota_reserve(
  new_ids uuid[], asked integer[], lease_min double precision[], forfeit_ms double precision[], first_claims integer[], last_claims integer[],
  partition_names text[], subject_names text[],
  claimed integer[], capacities double precision[], rates double precision[], calendars text[], lease_shares double precision[],
  out taken integer[], out drawn double precision[], out at_ms double precision
)
  language plpgsql
as $$
declare
  -- Not before the rows are ours: somebody else may have drawn on them while we waited.
  moment constant timestamptz := clock_timestamp();
  budget_drawn double precision[];
  budget_at timestamptz[];
  budget_reserved bigint[] := array_fill(0, array[cardinality(partition_names)]);
  lease double precision;
  is_short boolean;
  points integer;
begin
  at_ms := 1000 * extract(epoch from moment);
  select array_agg(b.drawn order by place), array_agg(b.at order by place) into budget_drawn, budget_at
  from unnest(partition_names, subject_names) with ordinality as c (partition, subject, place)
  join quota_budget b using (partition, subject);

  for n in 1..cardinality(new_ids) loop
    is_short := false;
    lease := 2147483647;
    for c in first_claims[n]..last_claims[n] loop
      drawn[c] := quota_drawn(budget_drawn[claimed[c]], budget_at[claimed[c]], rates[c], calendars[c], moment);
      is_short := is_short or drawn[c] + asked[n] > capacities[c];
      lease := least(lease, floor((capacities[c] - drawn[c]) * lease_shares[c]));
    end loop;
    points := case when is_short then 0 when lease >= lease_min[n] then lease else asked[n] end;
    taken[n] := points;
    continue when points = 0;
    for c in first_claims[n]..last_claims[n] loop
      drawn[c] := drawn[c] + points;
      budget_drawn[claimed[c]] := drawn[c];
      -- Where the clock was set back, what was drawn is not given back twice.
      budget_at[claimed[c]] := greatest(budget_at[claimed[c]], moment);
      budget_reserved[claimed[c]] := budget_reserved[claimed[c]] + points;
    end loop;
  end loop;

  with drawn_on as (
    update quota_budget b set drawn = c.drawn, at = c.at, reserved = b.reserved + c.reserved
    from unnest(partition_names, subject_names, budget_drawn, budget_at, budget_reserved) as c (partition, subject, drawn, at, reserved)
    where b.partition = c.partition and b.subject = c.subject and c.reserved > 0
  )
  insert into quota_grant (grant_id, points, taken_at, forfeit_at, partitions, subjects, windows)
    select r.id, r.points, moment, moment + r.forfeit_ms * interval '1 millisecond', b.partitions, b.subjects, b.windows
    from unnest(new_ids, taken, forfeit_ms, first_claims, last_claims) as r (id, points, forfeit_ms, first_claim, last_claim)
    cross join lateral (
      select array_agg(partition_names[claimed[c]] order by c), array_agg(subject_names[claimed[c]] order by c), array_agg(calendars[c] order by c)
      from generate_series(first_claim, last_claim) as c
    ) as b (partitions, subjects, windows)
    where r.points > 0;
end
$$;
comment on function quota_reserve is 'Decides one reservation after the other: takes the same points from every budget that it claims, or from none: then taken is 0. Answers besides what is drawn on each claim after that, and when that is, in ms since 1970.';

-- One batch of a gateway: how many statements this takes does not depend on how much it settles and reserves. Each budget
-- that the batch claims is named once; a claim tells its place among them, and a reservation where its claims begin and end.
create function quota_exchange(
  settled_ids uuid[], points_spent integer[],
  new_ids uuid[], asked integer[], lease_min double precision[], forfeit_ms double precision[], first_claims integer[], last_claims integer[],
  partition_names text[], subject_names text[],
  claimed integer[], capacities double precision[], rates double precision[], calendars text[], lease_shares double precision[],
  out overspent integer[],
  out taken integer[], out drawn double precision[], out at_ms double precision
)
  language plpgsql
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
  held_partitions text[];
  held_subjects text[];
  is_overspent boolean;
begin
  perform set_config('synchronous_commit', 'off', true);
  if cardinality(settled_ids) > 0 then
    -- Everybody locks grants before budgets, and both in one order.
    select array_agg(c.partition), array_agg(c.subject), bool_or(points < spent) into held_partitions, held_subjects, is_overspent
    from (
      select points, spent, partitions, subjects from unnest(settled_ids, points_spent) as s (id, spent)
      join quota_grant on grant_id = id order by grant_id for update of quota_grant
    ) as held cross join unnest(partitions, subjects) as c (partition, subject);
  end if;
  perform quota_lock(partition_names, subject_names, held_partitions, held_subjects);
  if held_partitions is not null then
    perform quota_settle(settled_ids, points_spent);
  end if;
  if is_overspent then
    -- The others are gone.
    overspent := array(
      select points from unnest(settled_ids) with ordinality as s (id, place) left join quota_grant on grant_id = id order by place
    );
  end if;
  if cardinality(new_ids) > 0 then
    select r.taken, r.drawn, r.at_ms into taken, drawn, at_ms
    from quota_reserve(
      new_ids, asked, lease_min, forfeit_ms, first_claims, last_claims,
      partition_names, subject_names, claimed, capacities, rates, calendars, lease_shares
    ) as r;
  end if;
end
$$;
comment on function quota_exchange is 'Settles, then reserves. Overspent is null, or has the points of those grants that hold less than was spent and stay as they are. Whatever is written is locked first, so that the batches of several gateways never wait for each other in a circle.';

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
    perform quota_lock(null, null, partition_names, subject_names);
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
    select b.partition, b.subject from gateway g, quota_budget b
    where g.gateway_id = sweeper and (b.partition, b.subject) > (g.swept_partition, g.swept_subject)
      and b.partition like 'anonymous-%'
    order by b.partition, b.subject limit slice
  ), unused as (
    select b.partition, b.subject from quota_budget b join seen using (partition, subject)
    -- b, not seen: somebody may have drawn on it since.
    where b.at < clock_timestamp() - interval '2 days' for update of b skip locked
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

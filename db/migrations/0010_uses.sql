-- Use. How often keys and accounts were used, and when last, is what the records say that are in the ledger.

create table usage_use (
  number bigint generated always as identity primary key,
  account_id uuid not null references account on delete cascade,
  key_id uuid,
  calls bigint not null,
  used_at timestamptz(3) not null
);
comment on table usage_use is 'Operations that came into the ledger and that their accounts and keys do not count yet: gone within a second. Only ever added to by those who ship, who so never wait for whoever holds a key.';
comment on column usage_use.key_id is 'Null: of sessions.';
create index usage_use_account on usage_use (account_id);

comment on column usage_record.document is 'SHA-256 of the document that was asked for; null where none was read: a request that was refused before, or a page of a bulk export. Only records with one are use.';

-- Gateways of the release before count use themselves, and do not ask for it here.
drop function usage_ship;
create function usage_ship(
  shipping uuid, number integer, place_start bigint, place_end bigint,
  places bigint[], at_ms double precision[], request_ids text[], lease_ids uuid[], leased_us double precision[],
  account_ids uuid[], key_ids uuid[], operation_names text[], documents text[], estimates integer[], points_spent integer[],
  row_counts integer[], database_times integer[], sizes integer[], durations integer[], outcomes text[], counts integer[],
  counts_uses boolean default false
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
  with entered as (
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
    on conflict do nothing
    returning recorded_at, account_id, key_id, document, operations
  )
  insert into usage_use (account_id, key_id, calls, used_at)
    select account_id, key_id, sum(operations), max(recorded_at) from entered
    where counts_uses and document is not null and account_id <> nobody
    group by account_id, key_id;
  insert into usage_batch (gateway_id, segment, place, place_end, first_at, last_at)
    select shipping, number, place_start, place_end, to_timestamp(min(ms) / 1000), to_timestamp(max(ms) / 1000) from unnest(at_ms) as ms
    having count(*) > 0;
  update ledger_entry e set explained = e.explained + r.points
  from (
    select lease_id, sum(points) as points from unnest(lease_ids, points_spent) as r (lease_id, points) where lease_id is not null group by 1
  ) r
  where e.id = r.lease_id;
  update meter_segment set shipped = place_end where gateway_id = shipping and segment = number;
  return place_end;
end
$$;
comment on function usage_ship is 'Puts one part of a segment into the ledger where it is the next one, and the use that it tells of into usage_use; answers how far the segment is there now. Records of accounts that are gone are nobody''s.';

create function usage_count(most integer) returns integer
  language plpgsql
  set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
  counted integer;
begin
  with waiting as materialized (
    select number, account_id, key_id from usage_use order by number limit most for update skip locked
  ), accounts as materialized (
    select id from account where id in (select account_id from waiting) for no key update skip locked
  ), keys as materialized (
    select id from api_key where id in (select key_id from waiting) for no key update skip locked
  ), taken as (
    delete from usage_use u using waiting w
    where u.number = w.number and w.account_id in (select id from accounts)
      and (w.key_id is null or w.key_id in (select id from keys) or not exists (select from api_key k where k.id = w.key_id))
    returning u.*
  ), into_key as (
    update api_key k set calls = k.calls + u.calls, last_used_at = greatest(k.last_used_at, u.at)
    from (select key_id, sum(calls) as calls, max(used_at) as at from taken group by 1) u
    where k.id = u.key_id
  ), into_account as (
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
  )
  select count(*) into counted from taken;
  return counted;
end
$$;
comment on function usage_count is 'Has accounts and keys count the oldest of usage_use, once, whoever calls it; answers how many of its rows. It waits for nobody, so that it never stands in a circle: whose row is held is counted the next time. The time of the last use never goes back.';

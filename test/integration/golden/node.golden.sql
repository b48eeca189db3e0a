select coalesce("t4"."t", 'null') as "r0", coalesce("t4"."c0", 0) as "c0", 0 as "c1", 0 as "c2", 0 as "c3", 0 as "c4", 0 as "c5" from (values (0)) as root
left join lateral (
  select string_agg(coalesce(found.t, 'null'), ',' order by place.position) as t, coalesce(sum("found"."c0"), 0)::int as "c0"
  from generate_series(1, $1::int) as place (position)
  left join (
    select 0::bigint as position, null::text as t, 0 as "c0" where false
    union all
    select asked.position, '{"__typename":"MeasurementSet","id":"set_' || "t1"."slug" || '","name":0' || "t1"."id"::text || '' || "t1"."account_id"::text || '' || "t1"."label" || ',"owner":' || coalesce("t3"."t", 'null') || '}' as t, 1 as "c0"
    from unnest($2::uuid[]) with ordinality as asked (id, position)
    join "measurement_set" as "t1" on "t1"."id" = asked.id
left join lateral (
  select '{"username":' || to_json("t2"."username")::text || '}' as t
  from "account" as "t2"
  where ("t2"."id" = "t1"."account_id") and ("t2"."id" = $3::uuid or "t2"."status" = 'active' and "t2"."consent" <> 'none') limit 1) as "t3" on true
    where ("t1"."account_id" = $4::uuid or ("t1"."public" and exists (
      select 1 from account where id = "t1"."account_id" and status = 'active' and consent = 'measurements')))
  ) as found on found.position = place.position) as "t4" on true

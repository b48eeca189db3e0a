select '[' || coalesce("t6"."t", '') || ']' as "r0", coalesce("t6"."c0", 0) as "c0", coalesce("t6"."c1", 0) as "c1", coalesce("t6"."c2", 0) as "c2", coalesce("t6"."c3", 0) as "c3", 0 as "c4", 0 as "c5", 0 as "c6" from (values (0)) as root
left join lateral (
  select string_agg(coalesce(found.t, 'null'), ',' order by place.position) as t, coalesce(sum("found"."c0"), 0)::int as "c0", coalesce(sum("found"."c1"), 0)::int as "c1", coalesce(sum("found"."c2"), 0)::int as "c2", coalesce(sum("found"."c3"), 0)::int as "c3"
  from generate_series(1, $1::int) as place (position)
  left join (
    select 0::bigint as position, null::text as t, 0 as "c0", 0 as "c1", 0 as "c2", 0 as "c3" where false
    union all
    select asked.position, '{"__typename":"ApiKey","id":"key_' || "t1"."slug" || '","name":0' || "t1"."id"::text || '' || "t1"."account_id"::text || '' || "t1"."label" || '}' as t, 1 as "c0", 0 as "c1", 0 as "c2", 0 as "c3"
    from unnest($2::uuid[]) with ordinality as asked (id, position)
    join "api_key" as "t1" on "t1"."id" = asked.id
    where ("t1"."account_id" = $3::uuid)
    union all
    select asked.position, '{"__typename":"MeasurementSet","id":"set_' || "t2"."slug" || '","name":1' || "t2"."id"::text || '' || "t2"."account_id"::text || '' || "t2"."label" || ',"baseSet":' || coalesce("t4"."t", 'null') || '}' as t, 0 as "c0", 1 as "c1", ("t4"."t" is not null)::int as "c2", 0 as "c3"
    from unnest($4::uuid[]) with ordinality as asked (id, position)
    join "measurement_set" as "t2" on "t2"."id" = asked.id
left join lateral (
  select '{"name":2' || "t3"."id"::text || '' || "t3"."account_id"::text || '' || "t3"."label" || '}' as t
  from "measurement_set" as "t3"
  where ("t3"."id" = "t2"."base_set_id") and ("t3"."account_id" = $5::uuid or ("t3"."public" and exists (
      select 1 from account where id = "t3"."account_id" and status = 'active' and consent = 'measurements'))) limit 1) as "t4" on true
    where ("t2"."account_id" = $6::uuid or ("t2"."public" and exists (
      select 1 from account where id = "t2"."account_id" and status = 'active' and consent = 'measurements')))
    union all
    select asked.position, '{"__typename":"Pattern","id":"pat_' || "t5"."slug" || '","design":' || to_json("t5"."design")::text || ',"settings":3' || "t5"."id"::text || '' || "t5"."account_id"::text || '' || "t5"."body" || '}' as t, 0 as "c0", 0 as "c1", 0 as "c2", 1 as "c3"
    from unnest($7::uuid[]) with ordinality as asked (id, position)
    join "pattern" as "t5" on "t5"."id" = asked.id
    where ("t5"."account_id" = $8::uuid or ("t5"."public" and exists (
      select 1 from account where id = "t5"."account_id" and status = 'active' and consent = 'measurements')))
  ) as found on found.position = place.position) as "t6" on true

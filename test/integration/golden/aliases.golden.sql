select "t3"."t" as "r0", "t6"."t" as "r1", coalesce("t3"."c0", 0) as "c0", coalesce("t6"."c0", 0) as "c1" from (values (0)) as root
left join lateral (
  select '{"nodes":[' || coalesce(string_agg("t2"."v0", ','), '') || ']}' as t, (count(*))::int as "c0"
  from (
    select '{"called":0' || "t1"."id"::text || '' || "t1"."account_id"::text || '' || "t1"."label" || ',"again":1}' as "v0"
    from (
      select * from "measurement_set" as "t1" where (("t1"."account_id" = $1::uuid))
      order by "t1"."created_at", "t1"."id" limit 1
    ) as "t1"
    order by "t1"."created_at", "t1"."id") as "t2") as "t3" on true
left join lateral (
  select '{"nodes":[' || coalesce(string_agg("t5"."v0", ','), '') || ']}' as t, (count(*))::int as "c0"
  from (
    select '{"called":2' || "t4"."id"::text || '' || "t4"."account_id"::text || '' || "t4"."label" || '}' as "v0"
    from (
      select * from "measurement_set" as "t4" where (("t4"."account_id" = $2::uuid))
      order by "t4"."created_at" desc, "t4"."id" desc limit 1
    ) as "t4"
    order by "t4"."created_at", "t4"."id") as "t5") as "t6" on true

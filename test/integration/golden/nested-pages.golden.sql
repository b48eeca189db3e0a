select "t11"."t" as "r0", coalesce("t11"."c0", 0) as "c0", coalesce("t11"."c1", 0) as "c1", coalesce("t11"."c2", 0) as "c2" from (values (0)) as root
left join lateral (
  select '{"nodes":[' || coalesce(string_agg("t2"."v0", ','), '') || ']}' as t, (count(*))::int as "c0", coalesce(sum("t2"."c0"), 0)::int as "c1", coalesce(sum("t2"."c1"), 0)::int as "c2"
  from (
    select '{"id":' || '"acc_' || "t1"."slug" || '"' || ',"username":' || to_json("t1"."username")::text || ',"measurementSets":' || "t10"."t" || '}' as "v0", coalesce("t10"."c0", 0) as "c0", coalesce("t10"."c1", 0) as "c1"
    from (
      select * from "account" as "t1" where (true)
      order by "t1"."username_key", "t1"."id" limit 10
    ) as "t1"
left join lateral (
  select '{"nodes":[' || coalesce(string_agg("t4"."v0", ','), '') || ']}' as t, (count(*))::int as "c0", coalesce(sum("t4"."c0"), 0)::int as "c1"
  from (
    select '{"id":' || '"set_' || "t3"."slug" || '"' || ',"name":0' || "t3"."id"::text || '' || "t3"."account_id"::text || '' || "t3"."label" || ',"owner":' || coalesce("t6"."t", 'null') || ',"patterns":' || "t9"."t" || '}' as "v0", coalesce("t9"."c0", 0) as "c0"
    from (
      select * from "measurement_set" as "t3" where (("t3"."account_id" = "t1"."id"))
      order by "t3"."created_at", "t3"."id" limit 10
    ) as "t3"
left join lateral (
  select '{"id":' || '"acc_' || "t5"."slug" || '"' || ',"username":' || to_json("t5"."username")::text || '}' as t
  from "account" as "t5"
  where ("t5"."id" = "t3"."account_id") limit 1) as "t6" on true
left join lateral (
  select '{"nodes":[' || coalesce(string_agg("t8"."v0", ','), '') || ']}' as t, (count(*))::int as "c0"
  from (
    select '{"id":' || '"pat_' || "t7"."slug" || '"' || ',"design":' || to_json("t7"."design")::text || ',"name":1' || "t7"."id"::text || '' || "t7"."account_id"::text || '' || "t7"."label" || '}' as "v0"
    from (
      select * from "pattern" as "t7" where (("t7"."measurement_set_id" = "t3"."id"))
      order by "t7"."created_at", "t7"."id" limit 5
    ) as "t7"
    order by "t7"."created_at", "t7"."id") as "t8") as "t9" on true
    order by "t3"."created_at", "t3"."id") as "t4") as "t10" on true
    order by "t1"."username_key", "t1"."id") as "t2") as "t11" on true

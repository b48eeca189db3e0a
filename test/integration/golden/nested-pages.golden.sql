select "t9"."t" as "r0", coalesce("t9"."c0", 0) as "c0", coalesce("t9"."c1", 0) as "c1", coalesce("t9"."c2", 0) as "c2" from (values (0)) as root
left join lateral (
  select '{"nodes":[' || coalesce(string_agg("t2"."v0", ','), '') || ']}' as t, (count(*))::int as "c0", coalesce(sum("t2"."c0"), 0)::int as "c1", coalesce(sum("t2"."c1"), 0)::int as "c2"
  from (
    select '{"id":"acc_' || "t1"."slug" || '","username":' || to_json("t1"."username")::text || ',"measurementSets":' || "t8"."t" || '}' as "v0", coalesce("t8"."c0", 0) as "c0", coalesce("t8"."c1", 0) as "c1"
    from (
      select * from "account" as "t1" where (true)
      order by "t1"."username_key", "t1"."id" limit 10
    ) as "t1"
left join lateral (
  select '{"nodes":[' || coalesce(string_agg("t4"."v0", ','), '') || ']}' as t, (count(*))::int as "c0", coalesce(sum("t4"."c0"), 0)::int as "c1"
  from (
    select '{"id":"set_' || "t3"."slug" || '","name":0' || "t3"."id"::text || '' || "t3"."account_id"::text || '' || "t3"."label" || ',"owner":{"id":"acc_' || "t1"."slug" || '","username":' || to_json("t1"."username")::text || '},"patterns":' || "t7"."t" || '}' as "v0", coalesce("t7"."c0", 0) as "c0"
    from (
      select * from "measurement_set" as "t3" where (("t3"."account_id" = "t1"."id"))
      order by "t3"."created_at", "t3"."id" limit 10
    ) as "t3"
left join lateral (
  select '{"nodes":[' || coalesce(string_agg("t6"."v0", ','), '') || ']}' as t, (count(*))::int as "c0"
  from (
    select '{"id":"pat_' || "t5"."slug" || '","design":' || to_json("t5"."design")::text || ',"name":1' || "t5"."id"::text || '' || "t5"."account_id"::text || '' || "t5"."label" || '}' as "v0"
    from (
      select * from "pattern" as "t5" where (("t5"."measurement_set_id" = "t3"."id"))
      order by "t5"."created_at", "t5"."id" limit 5
    ) as "t5"
    order by "t5"."created_at", "t5"."id") as "t6") as "t7" on true
    order by "t3"."created_at", "t3"."id") as "t4") as "t8" on true
    order by "t1"."username_key", "t1"."id") as "t2") as "t9" on true

select "t12"."t" as "r0", coalesce("t18"."t", 'null') as "r1", coalesce("t12"."c0", 0) as "c0", coalesce("t12"."c1", 0) as "c1", coalesce("t12"."c2", 0) as "c2", coalesce("t12"."c3", 0) as "c3", coalesce("t12"."c4", 0) as "c4", ("t18"."t" is not null)::int as "c5" from (values (0)) as root
left join lateral (
  select '{"a":[' || coalesce(string_agg("t2"."v0", ','), '') || '],"b":[' || coalesce(string_agg("t2"."v1", ','), '') || '],"c":[' || coalesce(string_agg("t2"."v2", ','), '') || ']}' as t, (count(*))::int as "c0", coalesce(sum("t2"."c0"), 0)::int as "c1", coalesce(sum("t2"."c1"), 0)::int as "c2", coalesce(sum("t2"."c2"), 0)::int as "c3", coalesce(sum("t2"."c3"), 0)::int as "c4"
  from (
    select '{"base":' || coalesce("t4"."t", 'null') || '}' as "v0", '{"owner":' || coalesce("t6"."t", 'null') || ',"patterns":' || "t9"."t" || '}' as "v1", '{"n":{"baseSet":' || coalesce("t11"."t", 'null') || '}}' as "v2", ("t4"."t" is not null)::int as "c0", coalesce("t9"."c0", 0) as "c1", coalesce("t9"."c1", 0) as "c2", ("t11"."t" is not null)::int as "c3"
    from (
      select * from "measurement_set" as "t1" where (("t1"."account_id" = $1::uuid))
      order by "t1"."created_at", "t1"."id" limit 3
    ) as "t1"
left join lateral (
  select '{"id":"set_' || "t3"."slug" || '"}' as t
  from "measurement_set" as "t3"
  where ("t3"."id" = "t1"."base_set_id") and ("t3"."account_id" = $2::uuid or ("t3"."public" and exists (
      select 1 from account where id = "t3"."account_id" and status = 'active' and consent = 'measurements'))) limit 1) as "t4" on true
left join lateral (
  select '{"username":' || to_json("t5"."username")::text || '}' as t
  from "account" as "t5"
  where ("t5"."id" = "t1"."account_id") and ("t5"."id" = $3::uuid or "t5"."status" = 'active' and "t5"."consent" <> 'none') limit 1) as "t6" on true
left join lateral (
  select '{"edges":[' || coalesce(string_agg("t8"."v0", ','), '') || ']}' as t, (count(*))::int as "c0", coalesce(sum("t8"."c0"), 0)::int as "c1"
  from (
    select '{"node":{"measurementSet":{"id":"set_' || "t1"."slug" || '"}}}' as "v0", 1 as "c0"
    from (
      select * from "pattern" as "t7" where (("t7"."measurement_set_id" = "t1"."id") and ("t7"."account_id" = $4::uuid or ("t7"."public" and exists (
      select 1 from account where id = "t7"."account_id" and status = 'active' and consent = 'measurements'))))
      order by "t7"."created_at", "t7"."id" limit 2
    ) as "t7"
    order by "t7"."created_at", "t7"."id") as "t8") as "t9" on true
left join lateral (
  select '{"name":0' || "t10"."id"::text || '' || "t10"."account_id"::text || '' || "t10"."label" || '}' as t
  from "measurement_set" as "t10"
  where ("t10"."id" = "t1"."base_set_id") and ("t10"."account_id" = $5::uuid or ("t10"."public" and exists (
      select 1 from account where id = "t10"."account_id" and status = 'active' and consent = 'measurements'))) limit 1) as "t11" on true
    order by "t1"."created_at", "t1"."id") as "t2") as "t12" on true
left join lateral (
  select '{"bookmarks":' || "t17"."t" || '}' as t
  from "account" as "t13"
left join lateral (
  select '{"totalCount":' || (select count(*) from "bookmark" as "t16" where ("t16"."account_id" = "t13"."id"))::text || ',"pageInfo":{"hasNextPage":' || (count(*) > 20)::text || '}}' as t
  from (
    select row_number() over (order by "t14"."created_at", "t14"."id") as n
    from (
      select * from "bookmark" as "t14" where (("t14"."account_id" = "t13"."id"))
      order by "t14"."created_at", "t14"."id" limit 20 + 1
    ) as "t14"
    order by "t14"."created_at", "t14"."id") as "t15") as "t17" on true
  where ("t13"."id" = $6::uuid) limit 1) as "t18" on true

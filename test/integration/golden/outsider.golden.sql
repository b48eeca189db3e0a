select coalesce("t9"."t", 'null') as "r0", coalesce("t11"."t", 'null') as "r1", ("t9"."t" is not null)::int as "c0", coalesce("t9"."c0", 0) as "c1", coalesce("t9"."c1", 0) as "c2", ("t11"."t" is not null)::int as "c3" from (values (0)) as root
left join lateral (
  select '{"username":' || to_json("t1"."username")::text || ',"bio":0' || "t1"."id"::text || '' || "t1"."id"::text || '' || "t1"."body" || ',"measurementSets":' || "t8"."t" || '}' as t, coalesce("t8"."c0", 0) as "c0", coalesce("t8"."c1", 0) as "c1"
  from "account" as "t1"
left join lateral (
  select '{"totalCount":' || (select count(*) from "measurement_set" as "t4" where ("t4"."account_id" = "t1"."id") and ("t4"."public" and exists (
      select 1 from account where id = "t4"."account_id" and status = 'active' and consent = 'measurements')))::text || ',"nodes":[' || coalesce(string_agg("t3"."v0", ','), '') || ']}' as t, (count(*))::int as "c0", coalesce(sum("t3"."c0"), 0)::int as "c1"
  from (
    select '{"name":1' || "t2"."id"::text || '' || "t2"."account_id"::text || '' || "t2"."label" || '' || "t2"."body" || case when "t2"."base_set_id" is null then '' else (
    with recursive base as (
      select id, body, base_set_id, 1 as depth from measurement_set where id = "t2"."base_set_id"
      union all
      select b.id, b.body, b.base_set_id, depth + 1 from measurement_set b join base on b.id = base.base_set_id where depth < 3
    ) select string_agg('' || id::text || '' || body, '' order by depth) from base) end || ',"measurements":2,"patterns":' || "t7"."t" || '}' as "v0", coalesce("t7"."c0", 0) as "c0"
    from (
      select * from "measurement_set" as "t2" where (("t2"."account_id" = "t1"."id") and ("t2"."public" and exists (
      select 1 from account where id = "t2"."account_id" and status = 'active' and consent = 'measurements')))
      order by "t2"."created_at", "t2"."id" limit 20
    ) as "t2"
left join lateral (
  select '{"nodes":[' || coalesce(string_agg("t6"."v0", ','), '') || ']}' as t, (count(*))::int as "c0"
  from (
    select '{"name":3' || "t5"."id"::text || '' || "t5"."account_id"::text || '' || "t5"."label" || '}' as "v0"
    from (
      select * from "pattern" as "t5" where (("t5"."measurement_set_id" = "t2"."id") and ("t5"."public" and exists (
      select 1 from account where id = "t5"."account_id" and status = 'active' and consent = 'measurements')))
      order by "t5"."created_at", "t5"."id" limit 20
    ) as "t5"
    order by "t5"."created_at", "t5"."id") as "t6") as "t7" on true
    order by "t2"."created_at", "t2"."id") as "t3") as "t8" on true
  where ("t1"."username_key" = $1::text) and ("t1"."status" = 'active' and "t1"."consent" <> 'none') limit 1) as "t9" on true
left join lateral (
  select '{"username":' || to_json("t10"."username")::text || '}' as t
  from "account" as "t10"
  where ("t10"."username_key" = $2::text) and ("t10"."status" = 'active' and "t10"."consent" <> 'none') limit 1) as "t11" on true

select "t7"."t" as "r0", coalesce("t7"."c0", 0) as "c0", coalesce("t7"."c1", 0) as "c1", coalesce("t7"."c2", 0) as "c2" from (values (0)) as root
left join lateral (
  select '{"nodes":[' || coalesce(string_agg("t2"."v0", ','), '') || ']}' as t, (count(*))::int as "c0", coalesce(sum("t2"."c0"), 0)::int as "c1", coalesce(sum("t2"."c1"), 0)::int as "c2"
  from (
    select '{"name":0' || "t1"."id"::text || '' || "t1"."account_id"::text || '' || "t1"."label" || '' || "t1"."body" || case when "t1"."base_set_id" is null then '' else (
    with recursive base as (
      select id, body, base_set_id, 1 as depth from measurement_set where id = "t1"."base_set_id"
      union all
      select b.id, b.body, b.base_set_id, depth + 1 from measurement_set b join base on b.id = base.base_set_id where depth < 3
    ) select string_agg('' || id::text || '' || body, '' order by depth) from base) end || ',"notes":1,"baseSet":' || coalesce("t6"."t", 'null') || ',"measurements":3,"inches":4,"measurementList":5}' as "v0", ("t6"."t" is not null)::int as "c0", coalesce("t6"."c0", 0) as "c1"
    from (
      select * from "measurement_set" as "t1" where (("t1"."account_id" = $1::uuid))
      order by "t1"."updated_at", "t1"."id" limit 20
    ) as "t1"
left join lateral (
  select '{"name":2' || "t3"."id"::text || '' || "t3"."account_id"::text || '' || "t3"."label" || ',"baseSet":' || coalesce("t5"."t", 'null') || '}' as t, ("t5"."t" is not null)::int as "c0"
  from "measurement_set" as "t3"
left join lateral (
  select '{"id":"set_' || "t4"."slug" || '"}' as t
  from "measurement_set" as "t4"
  where ("t4"."id" = "t3"."base_set_id") and ("t4"."account_id" = $2::uuid or ("t4"."public" and exists (
      select 1 from account where id = "t4"."account_id" and status = 'active' and consent = 'measurements'))) limit 1) as "t5" on true
  where ("t3"."id" = "t1"."base_set_id") and ("t3"."account_id" = $3::uuid or ("t3"."public" and exists (
      select 1 from account where id = "t3"."account_id" and status = 'active' and consent = 'measurements'))) limit 1) as "t6" on true
    order by "t1"."updated_at", "t1"."id") as "t2") as "t7" on true

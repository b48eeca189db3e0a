select "t3"."t" as "r0", coalesce("t3"."c0", 0) as "c0" from (values (0)) as root
left join lateral (
  select '{"nodes":[' || coalesce(string_agg("t2"."v0", ','), '') || ']}' as t, (count(*))::int as "c0"
  from (
    select '{"name":0' || "t1"."id"::text || '' || "t1"."account_id"::text || '' || "t1"."label" || '}' as "v0"
    from (
      select * from "measurement_set" as "t1" where (("t1"."account_id" = $1::uuid) and ("t1"."public" = $2::boolean) and ("t1"."label_index" = $3::bytea) and ("t1"."updated_at" >= $4::timestamptz))
      order by "t1"."created_at", "t1"."id" limit 20
    ) as "t1"
    order by "t1"."created_at", "t1"."id") as "t2") as "t3" on true

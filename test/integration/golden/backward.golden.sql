select "t3"."t" as "r0", coalesce("t3"."c0", 0) as "c0" from (values (0)) as root
left join lateral (
  select '{"nodes":[' || coalesce(string_agg("t2"."v0", ',') filter (where "t2"."n" <= 2), '') || '],"pageInfo":{"__typename":"PageInfo","hasNextPage":false,"hasPreviousPage":' || (count(*) > 2)::text || '}}' as t, (count(*) filter (where "t2"."n" <= 2))::int as "c0"
  from (
    select '{"name":0' || "t1"."id"::text || '' || "t1"."account_id"::text || '' || "t1"."label" || '}' as "v0", row_number() over (order by "t1"."created_at" desc, "t1"."id" desc) as n
    from (
      select * from "measurement_set" as "t1" where (("t1"."account_id" = $1::uuid))
      order by "t1"."created_at" desc, "t1"."id" desc limit 2 + 1
    ) as "t1"
    order by "t1"."created_at", "t1"."id") as "t2") as "t3" on true

select coalesce("t5"."t", 'null') as "r0", "t8"."t" as "r1", "t13"."t" as "r2", ("t5"."t" is not null)::int as "c0", coalesce("t5"."c0", 0) as "c1", coalesce("t8"."c0", 0) as "c2", coalesce("t13"."c0", 0) as "c3", coalesce("t13"."c1", 0) as "c4" from (values (0)) as root
left join lateral (
  select '{"username":' || to_json("t1"."username")::text || ',"bookmarks":' || "t4"."t" || '}' as t, coalesce("t4"."c0", 0) as "c0"
  from "account" as "t1"
left join lateral (
  select '{"nodes":[' || coalesce(string_agg("t3"."v0", ','), '') || ']}' as t, (count(*))::int as "c0"
  from (
    select '{"type":"' || upper("t2"."type"::text) || '","title":' || to_json("t2"."title")::text || ',"url":' || to_json("t2"."url")::text || '}' as "v0"
    from (
      select * from "bookmark" as "t2" where (("t2"."account_id" = "t1"."id"))
      order by "t2"."created_at", "t2"."id" limit 20
    ) as "t2"
    order by "t2"."created_at", "t2"."id") as "t3") as "t4" on true
  where ("t1"."id" = $1::uuid) limit 1) as "t5" on true
left join lateral (
  select '{"nodes":[' || coalesce(string_agg("t7"."v0", ','), '') || ']}' as t, (count(*))::int as "c0"
  from (
    select '{"name":0' || "t6"."id"::text || '' || "t6"."account_id"::text || '' || "t6"."label" || ',"level":' || "t6"."level"::text || ',"state":' || case when "t6"."revoked_at" is not null then '"REVOKED"'
          when "t6"."expires_at" <= now() then '"EXPIRED"'
          when "t6"."replaced_by_id" is not null then '"ROTATING"' else '"ACTIVE"' end || ',"revocationReason":' || coalesce('"' || upper("t6"."revocation_reason"::text) || '"', 'null') || ',"lastUsedAt":' || coalesce(to_json("t6"."last_used_at")::text, 'null') || '}' as "v0"
    from (
      select * from "api_key" as "t6" where (("t6"."account_id" = $2::uuid))
      order by "t6"."created_at", "t6"."id" limit 20
    ) as "t6"
    order by "t6"."created_at", "t6"."id") as "t7") as "t8" on true
left join lateral (
  select '{"nodes":[' || coalesce(string_agg("t10"."v0", ','), '') || ']}' as t, (count(*))::int as "c0", coalesce(sum("t10"."c0"), 0)::int as "c1"
  from (
    select '{"name":1' || "t9"."id"::text || '' || "t9"."account_id"::text || '' || "t9"."label" || '' || "t9"."body" || ',"settings":2,"data":3,"measurementSet":' || coalesce("t12"."t", 'null') || '}' as "v0", ("t12"."t" is not null)::int as "c0"
    from (
      select * from "pattern" as "t9" where (("t9"."account_id" = $3::uuid) and ("t9"."design" = $4::text))
      order by "t9"."created_at", "t9"."id" limit 20
    ) as "t9"
left join lateral (
  select '{"name":4' || "t11"."id"::text || '' || "t11"."account_id"::text || '' || "t11"."label" || '}' as t
  from "measurement_set" as "t11"
  where ("t11"."id" = "t9"."measurement_set_id") and ("t11"."account_id" = $5::uuid or ("t11"."public" and exists (
      select 1 from account where id = "t11"."account_id" and status = 'active' and consent = 'measurements'))) limit 1) as "t12" on true
    order by "t9"."created_at", "t9"."id") as "t10") as "t13" on true

select coalesce("t2"."t", 'null') as "r0", ("t2"."t" is not null)::int as "c0" from (values (0)) as root
left join lateral (
  select '{"email":0' || "t1"."id"::text || '' || "t1"."id"::text || '' || "t1"."label" || '' || "t1"."body" || ',"bio":1,"image":2,"units":"' || upper("t1"."units"::text) || '","createdAt":' || to_json("t1"."created_at")::text || ',"lastSeenAt":' || coalesce(to_json("t1"."last_seen_at")::text, 'null') || '}' as t
  from "account" as "t1"
  where ("t1"."id" = $1::uuid) limit 1) as "t2" on true

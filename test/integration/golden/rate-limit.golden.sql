select coalesce("t2"."t", 'null') as "r0", ("t2"."t" is not null)::int as "c0" from (values (0)) as root
left join lateral (
  select '{"username":' || to_json("t1"."username")::text || '}' as t
  from "account" as "t1"
  where ("t1"."id" = $1::uuid) limit 1) as "t2" on true

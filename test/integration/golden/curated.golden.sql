select "t3"."t" as "r0", coalesce("t5"."t", 'null') as "r1", coalesce("t3"."c0", 0) as "c0", ("t5"."t" is not null)::int as "c1" from (values (0)) as root
left join lateral (
  select '{"nodes":[' || coalesce(string_agg("t2"."v0", ','), '') || ']}' as t, (count(*))::int as "c0"
  from (
    select '{"name":' || coalesce("t1"."names" -> $1::text, "t1"."names" -> 'en', 'null')::text || ',"notes":' || coalesce("t1"."notes" -> $2::text, "t1"."notes" -> 'en', 'null')::text || ',"height":' || coalesce(round(("t1"."height_mm"
          / $3::float8)::numeric, 6)::float8::text, 'null') || ',"tags":' || to_json("t1"."tags")::text || ',"measurements":0' || "t1"."measurements"::text || ',"feet":1,"measurementList":2}' as "v0"
    from (
      select * from "curated_set" as "t1" where (("t1"."publication" = 'published') and ("t1"."publication" = any ($4::publication[])) and ("t1"."tags" @> $5::text[]))
      order by "t1"."created_at", "t1"."id" limit 20
    ) as "t1"
    order by "t1"."created_at", "t1"."id") as "t2") as "t3" on true
left join lateral (
  select '{"id":"cur_' || "t4"."slug" || '"}' as t
  from "curated_set" as "t4"
  where ("t4"."id" = $6::uuid) and ("t4"."publication" = 'published') limit 1) as "t5" on true

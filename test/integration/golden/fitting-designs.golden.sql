select "t6"."t" as "r0", coalesce("t6"."c0", 0) as "c0", coalesce("t6"."c1", 0) as "c1" from (values (0)) as root
left join lateral (
  select '{"nodes":[' || coalesce(string_agg("t2"."v0", ','), '') || ']}' as t, (count(*))::int as "c0", coalesce(sum("t2"."c0"), 0)::int as "c1"
  from (
    select '{"name":0' || "t1"."id"::text || '' || "t1"."account_id"::text || '' || "t1"."label" || ',"fittingDesigns":' || "t5"."t" || '}' as "v0", coalesce("t5"."c0", 0) as "c0"
    from (
      select * from "measurement_set" as "t1" where (("t1"."account_id" = $1::uuid))
      order by "t1"."created_at", "t1"."id" limit 2
    ) as "t1"
left join lateral (
  select '[' || coalesce(string_agg("t4"."t", ','), '') || ']' as t, count(*)::int as "c0"
  from (
    select '{"design":{"code":' || to_json("t3"."code")::text || ',"measurements":1' || "t3"."required" || ' ' || "t3"."optional" || '},"missing":2' || "t3"."missing" || ' ' || "t3"."missing_optional" || ',"missingOptional":3}' as t
    from (
      select * from (
        select design.*, design.required & ~held.bits as missing, design.optional & ~held.bits as missing_optional
        from (select case when "t1"."base_set_id" is null then "t1"."measured" else "t1"."measured" | (
    with recursive base as (
      select measured, base_set_id, 1 as depth from measurement_set where id = "t1"."base_set_id"
      union all
      select b.measured, b.base_set_id, depth + 1 from measurement_set b join base on b.id = base.base_set_id
      where depth < 3
    ) select bit_or(measured) from base) end as bits offset 0) as held, design
        where design.required & ~held.bits = 0 or not $2::boolean) as "t3"
      order by bit_count("t3"."missing"::bit(64)), "t3"."code" limit 53
    ) as "t3"
    order by bit_count("t3"."missing"::bit(64)), "t3"."code") as "t4") as "t5" on true
    order by "t1"."created_at", "t1"."id") as "t2") as "t6" on true

select coalesce("t2"."t", 'null') as "r0", "t6"."t" as "r1", ("t2"."t" is not null)::int as "c0", coalesce("t6"."c0", 0) as "c1" from (values (0)) as root
left join lateral (
  select '{"name":' || to_json("t1"."name")::text || ',"description":' || coalesce(to_json("t1"."description")::text, 'null') || ',"optionalMeasurements":0' || "t1"."required" || ' ' || "t1"."optional" || '}' as t
  from "design" as "t1"
  where ("t1"."code" = $1::text) limit 1) as "t2" on true
left join lateral (
  select '{"totalCount":' || (select count(*) from "design" as "t5" where ("t5"."required" & ~(
      select case when "fitted"."base_set_id" is null then "fitted"."measured" else "fitted"."measured" | (
    with recursive base as (
      select measured, base_set_id, 1 as depth from measurement_set where id = "fitted"."base_set_id"
      union all
      select b.measured, b.base_set_id, depth + 1 from measurement_set b join base on b.id = base.base_set_id
      where depth < 3
    ) select bit_or(measured) from base) end from "measurement_set" as fitted
      where fitted.id = $2::uuid and ("fitted"."public" and exists (
      select 1 from account where id = "fitted"."account_id" and status = 'active' and consent = 'measurements'))) = 0))::text || ',"edges":[' || coalesce(string_agg("t4"."v0", ',') filter (where "t4"."n" <= 2), '') || '],"pageInfo":{"hasNextPage":' || (count(*) > 2)::text || ',"endCursor":' || coalesce('"' || (array_agg("t4"."k") filter (where "t4"."n" <= 2))[(count(*) filter (where "t4"."n" <= 2))::int] || '"', 'null') || '}}' as t, (count(*) filter (where "t4"."n" <= 2))::int as "c0"
  from (
    select '{"cursor":"' || translate(encode(convert_to('design.code:' || "t3"."code", 'UTF8'), 'base64'), E'+/=\n', '-_') || '","node":{"code":' || to_json("t3"."code")::text || ',"measurements":1' || "t3"."required" || ' ' || "t3"."optional" || '}}' as "v0", translate(encode(convert_to('design.code:' || "t3"."code", 'UTF8'), 'base64'), E'+/=\n', '-_') as k, row_number() over (order by "t3"."code") as n
    from (
      select * from "design" as "t3" where (("t3"."required" & ~(
      select case when "fitted"."base_set_id" is null then "fitted"."measured" else "fitted"."measured" | (
    with recursive base as (
      select measured, base_set_id, 1 as depth from measurement_set where id = "fitted"."base_set_id"
      union all
      select b.measured, b.base_set_id, depth + 1 from measurement_set b join base on b.id = base.base_set_id
      where depth < 3
    ) select bit_or(measured) from base) end from "measurement_set" as fitted
      where fitted.id = $3::uuid and ("fitted"."public" and exists (
      select 1 from account where id = "fitted"."account_id" and status = 'active' and consent = 'measurements'))) = 0))
      order by "t3"."code" limit 2 + 1
    ) as "t3"
    order by "t3"."code") as "t4") as "t6" on true

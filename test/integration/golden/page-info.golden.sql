select "t5"."t" as "r0", coalesce("t5"."c0", 0) as "c0" from (values (0)) as root
left join lateral (
  select '{"totalCount":' || (select count(*) from "measurement_set" as "t3" where ("t3"."account_id" = $1::uuid))::text || ',"edges":[' || coalesce(string_agg("t2"."v0", ',') filter (where "t2"."n" <= $2::int), '') || '],"pageInfo":{"hasNextPage":' || (count(*) > $3::int)::text || ',"hasPreviousPage":' || (exists (select 1 from "measurement_set" as "t4" where (("t4"."account_id" = $4::uuid)) and (("t4"."created_at", "t4"."id") <= ($5::timestamptz, $6::uuid))))::text || ',"startCursor":' || coalesce('"' || (array_agg("t2"."k") filter (where "t2"."n" <= $7::int))[1] || '"', 'null') || ',"endCursor":' || coalesce('"' || (array_agg("t2"."k") filter (where "t2"."n" <= $8::int))[(count(*) filter (where "t2"."n" <= $9::int))::int] || '"', 'null') || '}}' as t, (count(*) filter (where "t2"."n" <= $10::int))::int as "c0"
  from (
    select '{"cursor":"' || translate(encode(convert_to('set.created:' || "t1"."slug" || ':' || (extract(epoch from "t1"."created_at") * 1000)::bigint, 'UTF8'), 'base64'), E'+/=\n', '-_') || '","node":{"name":0' || "t1"."id"::text || '' || "t1"."account_id"::text || '' || "t1"."label" || '}}' as "v0", translate(encode(convert_to('set.created:' || "t1"."slug" || ':' || (extract(epoch from "t1"."created_at") * 1000)::bigint, 'UTF8'), 'base64'), E'+/=\n', '-_') as k, row_number() over (order by "t1"."created_at", "t1"."id") as n
    from (
      select * from "measurement_set" as "t1" where (("t1"."account_id" = $11::uuid)) and (("t1"."created_at", "t1"."id") > ($12::timestamptz, $13::uuid))
      order by "t1"."created_at", "t1"."id" limit $14::int + 1
    ) as "t1"
    order by "t1"."created_at", "t1"."id") as "t2") as "t5" on true

select "t4"."t" as "r0" from (values (0)) as root
left join lateral (select '{"__typename":"MeasurementSetConnection","totalCount":' || (select count(*) from "measurement_set" as "t3" where ("t3"."account_id" = $1::uuid))::text || '}' as t) as "t4" on true

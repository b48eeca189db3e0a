-- The sewing designs, and which measurements each needs. Whoever migrates fills the table from db/designs/designs.json.

create table design (
  code text collate "C" primary key check (code ~ '^[a-z][a-z0-9-]{0,63}$'),
  name text not null,
  version text not null,
  description text,
  required bigint not null,
  optional bigint not null,
  check (required & optional = 0)
);
comment on table design is 'A sewing design and the measurements it is drafted from: the same in every database of a release, and nobody''s.';
comment on column design.version is 'The release of the design that these measurements are from.';
comment on column design.required is 'One bit per measurement that it can not be drafted without, in the order of measurement_set.measured.';
comment on column design.optional is 'One bit per measurement that it is drafted with where that is known, in the same order.';

-- The same data as the product's tables hold, unsealed: what the other servers read.
create schema plain;

create table plain.account (
  id uuid primary key,
  ref text collate "C" not null,
  username text collate "C" not null unique,
  bio text not null,
  role account_role not null,
  created_at timestamptz(3) not null
);

create table plain.measurement_set (
  id uuid primary key,
  ref text collate "C" not null,
  account_id uuid not null references plain.account,
  name text not null,
  notes text not null,
  measurements json not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);
create index on plain.measurement_set (account_id, created_at, id);

create table plain.pattern (
  id uuid primary key,
  ref text collate "C" not null,
  account_id uuid not null references plain.account,
  measurement_set_id uuid not null references plain.measurement_set,
  design text not null,
  name text not null,
  notes text not null,
  settings json not null,
  created_at timestamptz(3) not null
);
create index on plain.pattern (account_id, created_at, id);
create index on plain.pattern (measurement_set_id, created_at, id);

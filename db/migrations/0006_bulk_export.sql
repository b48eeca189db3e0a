-- Files of many measurement sets, which the service makes outside of any request.

create type bulk_export_state as enum ('waiting', 'running', 'paused', 'done', 'failed', 'cancelled');
create type bulk_export_failure as enum ('account_blocked', 'consent_required', 'level_too_low', 'credential_ended', 'query_invalid', 'budget_too_small', 'internal');

create table bulk_export (
  id uuid primary key,
  slug text collate "C" generated always as (base58(id)) stored not null,
  account_id uuid not null references account on delete cascade,
  credential_kind actor_kind not null,
  credential_id uuid,
  level smallint not null check (level between 0 and 8),
  is_all boolean not null,
  label text not null,
  state bulk_export_state not null default 'waiting',
  failure bulk_export_failure,
  total integer,
  sets integer not null default 0,
  pages integer not null default 0,
  bytes bigint not null default 0,
  position text collate "C",
  stumbles smallint not null default 0,
  claim uuid,
  claimed_until timestamptz,
  resume_at timestamptz(3),
  digest bytea unique,
  started_at timestamptz(3),
  ended_at timestamptz(3),
  expires_at timestamptz(3),
  created_at timestamptz(3) not null,
  worked_at timestamptz(3) not null,
  check ((state = 'failed') = (failure is not null)),
  check ((state in ('done', 'failed', 'cancelled')) = (ended_at is not null)),
  check (state <> 'done' or expires_at is not null),
  check ((claim is null) = (claimed_until is null))
);
comment on table bulk_export is 'A file of measurement sets that an account asked for, and how far it has come. label: the query, and the link to the file, as JSON. One at a time for each account.';
comment on column bulk_export.credential_id is 'The key or session that asked for it, and without which it does not go on; null for a person who signs in elsewhere.';
comment on column bulk_export.level is 'The access level that was held when it was asked for: it never has a higher one.';
comment on column bulk_export.is_all is 'Whether it reads the sets of all accounts.';
comment on column bulk_export.worked_at is 'When a gateway or its account last did something about it: the one that waited longest comes first.';
comment on column bulk_export.position is 'Cursor of the last set of the last page that is stored; null before the first one.';
comment on column bulk_export.stumbles is 'How often the next page has failed in a row.';
comment on column bulk_export.claim is 'Of the gateway that works on it, which has it until claimed_until unless it asks again.';
comment on column bulk_export.digest is 'SHA-256 of the token in its link; null where there is none.';
create unique index bulk_export_unfinished on bulk_export (account_id) where state in ('waiting', 'running', 'paused');
create index bulk_export_account on bulk_export (account_id, created_at, id);
create index bulk_export_due on bulk_export (worked_at) where state in ('waiting', 'running', 'paused');
create index bulk_export_ended on bulk_export (ended_at);

create table bulk_export_page (
  id uuid primary key,
  account_id uuid not null,
  export_id uuid not null references bulk_export on delete cascade,
  number integer not null,
  label text not null,
  created_at timestamptz(3) not null,
  unique (export_id, number)
);
comment on table bulk_export_page is 'The file of a bulk export, in parts. label: which part of which export it is, and a gzip member in base64.';
-- What is sealed does not get smaller.
alter table bulk_export_page alter column label set storage external;

-- The sets of all accounts in their order.
create index measurement_set_all_created on measurement_set (created_at, id);
create index measurement_set_all_updated on measurement_set (updated_at, id);

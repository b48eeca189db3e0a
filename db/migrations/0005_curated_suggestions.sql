-- What people suggest as curated sets, and what curators make of it.

create type suggestion_state as enum ('open', 'accepted', 'declined');

create table curated_suggestion (
  id uuid primary key,
  slug text collate "C" generated always as (base58(id)) stored not null,
  account_id uuid not null references account on delete cascade,
  label text not null,
  label_index bytea not null,
  body text not null,
  measured bigint not null,
  state suggestion_state not null default 'open',
  curated_set_id uuid references curated_set on delete set null,
  reason text,
  decided_by uuid references account on delete set null,
  decided_at timestamptz(3),
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  check ((state = 'open') = (decided_at is null)),
  check (state = 'accepted' or curated_set_id is null)
);
comment on table curated_suggestion is 'A copy of a measurement set that its owner wants to be published. Sealed like the set: it becomes public when a curated set that was made from it is published.';
comment on column curated_suggestion.measured is 'Which measurements it has: one bit each, in the order of measurement_set.measured.';
comment on column curated_suggestion.curated_set_id is 'The curated set that was made from it; null for any that was not accepted, and once that set is gone.';
comment on column curated_suggestion.reason is 'Why it was declined, as its owner is told.';
create index curated_suggestion_account on curated_suggestion (account_id, created_at, id);
create index curated_suggestion_state on curated_suggestion (state, created_at, id);
create index curated_suggestion_set on curated_suggestion (curated_set_id);
create index curated_suggestion_decided on curated_suggestion (decided_by);

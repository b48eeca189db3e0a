-- Budgets: what was drawn on them, what is reserved, and limits that a single account or key has.

create table quota_limit (
  account_id uuid not null references account on delete cascade,
  api_key_id uuid references api_key on delete cascade,
  partition text collate "C" not null check (partition in ('burst', 'day')),
  capacity integer not null check (capacity >= 1),
  restore_per_second double precision check (restore_per_second > 0),
  valid_until timestamptz(3),
  created_at timestamptz(3) not null default now(),
  unique nulls not distinct (account_id, api_key_id, partition),
  check ((partition = 'burst') = (restore_per_second is not null))
);
comment on table quota_limit is 'A limit of one account in place of the policy''s, or, with a key, a limit that this key has besides; in points. valid_until null: for good.';
create index quota_limit_key on quota_limit (api_key_id);

-- A limit applies to the next operation: every gateway forgets what it remembers of the account's keys.
create function tell_limit_change() returns trigger
  language plpgsql
as $$
begin
  perform pg_catalog.pg_notify('maat_key_changes', coalesce(new.account_id, old.account_id)::text);
  return null;
end
$$;
comment on function tell_limit_change() is 'Tells every gateway that what it remembers of the keys of this account is outdated.';
create trigger limit_changed after insert or update or delete on quota_limit
  for each row execute function tell_limit_change();
